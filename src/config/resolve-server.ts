import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';
import { checkTrust, checkTrustBelow, type Trust } from './trust.ts';

const ANY_EXECUTE = 0o111;
const SET_ID = 0o6000;

interface Context {
  readonly host: Host;
  readonly report: Report;
  /** What is known already: many services may have one program. */
  readonly trusts?: Map<string, Trust>;
}

/** Whether the program of a service may be started: it is what root or the owner put there (S127). */
export function checkServer(service: LayeredService, context: Context): void {
  const { server, chroot } = service.settings;
  if (!server) return;
  const where = `"server" in service ${quote(service.name)}`;
  checkProgram(server.value, {
    ...{ ...context, at: placeOfSetting(service, server), where },
    root: chroot?.value,
  });
}

interface ProgramContext extends Context {
  readonly at: Place;
  readonly where: string;
  /** The directory that is its root, if that is another one. */
  readonly root?: string | undefined;
}

function trustOf(path: string, { root, trusts, host: { ownerUid } }: ProgramContext): Trust {
  // No path has a NUL.
  const key = root === undefined ? path : `${root}\0${path}`;
  const trust =
    trusts?.get(key) ??
    (root === undefined ? checkTrust(path, { ownerUid }) : checkTrustBelow(path, { ownerUid, root }));
  trusts?.set(key, trust);
  return trust;
}

/** The same for any program by its absolute path. */
export function checkProgram(path: string, context: ProgramContext): void {
  const { at } = context;
  const subject = `Cannot use ${quote(path)} for ${context.where}`;
  const trust = trustOf(path, context);
  if (!trust.trusted) {
    const code = trust.kind === 'untrusted' ? 'config/untrusted-path' : 'config/unreadable';
    const help =
      trust.kind === 'untrusted'
        ? 'others could replace what zinetd starts: change the owner or the mode'
        : undefined;
    context.report.add({ code, at, message: `${subject}: ${trust.reason}`, help });
    return;
  }
  const { mode } = trust.stats;
  if (!trust.stats.isFile() || (mode & ANY_EXECUTE) === 0) {
    const reason = trust.stats.isFile() ? 'it is not executable' : 'it is not a regular file';
    context.report.add({ code: 'config/server-not-executable', at, message: `${subject}: ${reason}` });
  } else if ((mode & SET_ID) !== 0) {
    const help = 'write the user with "user", or remove the bit from a copy of the program';
    const message = `${subject}: it is set-user-id or set-group-id`;
    context.report.add({ code: 'config/server-setuid', at, message, help });
  }
}
