import { dirname } from 'node:path';
import type { Host } from './host.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';
import { checkTrust } from './trust.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly at: Place;
}

/** Whoever can change a directory on the way could put a socket of theirs there (S104, S114). */
export function checkSocketPath(path: string, { host, report, at }: Context): void {
  const trust = checkTrust(dirname(path), { ownerUid: host.ownerUid });
  const subject = `Cannot listen on ${quote(path)}`;
  if (!trust.trusted) {
    const isUntrusted = trust.kind === 'untrusted';
    const code = isUntrusted ? 'config/untrusted-path' : 'config/unreadable';
    const help = isUntrusted ? 'others could put a socket of theirs there' : undefined;
    report.add({ code, at, message: `${subject}: ${trust.reason}`, help });
  } else if (!trust.stats.isDirectory()) {
    report.add({
      code: 'config/unreadable',
      at,
      message: `${subject}: ${quote(trust.path)} is not a directory`,
    });
  }
}
