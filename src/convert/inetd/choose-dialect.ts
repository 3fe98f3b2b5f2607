import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import { type DialectSign, detectDialect } from './detect-dialect.ts';
import { DIALECTS, type Dialect, type DialectName } from './dialect.ts';
import { type FamilyWords, findFamilyWords } from './family-words.ts';

/** How the files are read, and why. */
export interface Reading {
  readonly dialect: Dialect;
  readonly how: 'given' | 'detected' | 'assumed';
}

/** What most systems with Linux have. */
const ASSUMED: DialectName = 'debian';

function warnOfMixture(signs: readonly DialectSign[], report: Report): void {
  const [first, second] = signs;
  if (!first || !second) return;
  report.add({
    code: 'inetd/mixed-dialects',
    at: second,
    message: `Read the file as ${first.dialect} has it, though this is of ${second.dialect}`,
    help: 'name the dialect with --dialect',
    related: [{ at: first, message: `${first.dialect} shows here` }],
  });
}

const HELP = 'name the dialect with --dialect, or the family, as in "tcp4" and "tcp6"';

/** What is written means one thing to some and another to others, and nothing says whose it is. */
function warnOfFamilies({ plain, six }: FamilyWords, report: Report): void {
  if (plain) {
    const message = `Read "${plain.text}" as IPv4 and IPv6, as debian and openbsd do: to the others it is IPv4 alone`;
    report.add({ code: 'inetd/dialect', at: plain.place, message, help: HELP });
  }
  if (six) {
    const message = `Read "${six.text}" as IPv6 alone, as debian and the BSDs do: to the others it takes IPv4 too`;
    report.add({ code: 'inetd/dialect', at: six.place, message, help: HELP });
  }
}

/**
 * The dialect of the files: the one that is asked for, or that shows itself, or the usual one. Who writes `tcp` and
 * `tcp6` for one service means one family by each, whatever the dialect makes of it today.
 */
export function chooseDialect(
  files: readonly ForeignFile[],
  options: {
    readonly given: DialectName | undefined;
    readonly hasDirectory: boolean;
    readonly report: Report;
  },
): Reading {
  const { given, report } = options;
  if (given) return { dialect: DIALECTS[given], how: 'given' };
  const signs = files.flatMap(({ source }) => detectDialect(source));
  const others = signs.filter(({ dialect }) => dialect !== signs[0]?.dialect);
  warnOfMixture([...signs.slice(0, 1), ...others.slice(0, 1)], report);
  const name = signs[0]?.dialect ?? (options.hasDirectory ? 'gnu' : ASSUMED);
  const how = signs.length > 0 || options.hasDirectory ? 'detected' : 'assumed';
  const families = findFamilyWords(files.map(({ source }) => source));
  if (families.arePaired)
    return { dialect: { ...DIALECTS[name], plainFamily: 'ipv4', sixFamily: 'ipv6' }, how };
  if (how === 'assumed') warnOfFamilies(families, report);
  return { dialect: DIALECTS[name], how };
}
