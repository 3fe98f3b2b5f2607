/** Facilities of syslog(3) with their numbers; that of the kernel is not for programs. */
export const FACILITIES: ReadonlyMap<string, number> = new Map([
  ['user', 1],
  ['mail', 2],
  ['daemon', 3],
  ['auth', 4],
  ['syslog', 5],
  ['lpr', 6],
  ['news', 7],
  ['uucp', 8],
  ['cron', 9],
  ['authpriv', 10],
  ['ftp', 11],
  ...Array.from({ length: 8 }, (_, index) => [`local${index}`, 16 + index] as const),
]);

/** Levels of syslog(3), the most urgent first. */
export const SEVERITIES: ReadonlyMap<string, number> = new Map(
  ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'].map((name, number) => [
    name,
    number,
  ]),
);
