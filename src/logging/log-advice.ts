/** What is known to be behind it, for the usual cases. */
export function logAdvice(to: string, code: string): string {
  const isSocket = /^unix(-dgram)?:/.test(to);
  const isNobody = code === 'ENOENT' || code === 'ECONNREFUSED';
  return isSocket && isNobody ? '; no syslog daemon listens there, and it is tried again' : '';
}
