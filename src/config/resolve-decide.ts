import type { DecidePolicy } from '../model/policy.ts';
import type { Program } from '../model/service.ts';
import type { DecideDocument } from './document.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { durationMs } from './resolve-limits.ts';
import { checkProgram } from './resolve-server.ts';
import type { Place } from './source.ts';
import { withIdentity } from './with-identity.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  /** The handler's, which the program takes after. */
  readonly program: Program | undefined;
  /** Of the next variant. */
  readonly variant: number;
}

/** Who decides, and the program to start for it, if it is one. */
export interface ResolvedDecide {
  readonly policy: DecidePolicy;
  readonly program: Program | undefined;
}

const DEADLINE = '2s';
const CACHE = '5s';

/** Exactly one of them; undefined after a report. */
function checkOne(
  { socket, program, user }: DecideDocument,
  options: { readonly report: Report; readonly at: Place; readonly name: string },
): boolean {
  const { report, at, name } = options;
  const isOne = (socket === undefined) !== (program === undefined);
  const reason = isOne ? 'a socket has no user' : 'write either "socket" or "program"';
  if (isOne && (socket === undefined || user === undefined)) return true;
  report.add({
    code: 'config/conflict',
    at,
    message: `Cannot use "decide" in service ${quote(name)}: ${reason}`,
  });
  return false;
}

/** A program like the handler, with its own argv, and a user of its own if it is written. */
function programOf(
  written: DecideDocument,
  options: Context & { readonly service: LayeredService; readonly at: Place },
): Program | undefined {
  const { program: handler, service, at } = options;
  const [path = '', ...args] = written.program ?? [];
  if (!path.startsWith('/')) {
    const message = `Cannot use ${quote(path)} for "decide" in service ${quote(service.name)}: must be an absolute path`;
    const help = 'PATH is not searched: write where the program is';
    options.report.add({ code: 'config/server-path', at, message, help });
    return undefined;
  }
  const root = service.settings.chroot?.value;
  checkProgram(path, { ...options, root, where: `"decide" in service ${quote(service.name)}` });
  if (!handler) return undefined;
  const own = {
    ...handler,
    path,
    argv: [path, ...args],
    peerEnv: [],
    isRelayed: true,
    listenName: undefined,
    stderr: 'socket',
  } as const;
  return withIdentity(own, { ...options, user: written.user, written: service.settings.decide?.node });
}

/** Undefined when nobody is to be asked, and after a report. */
export function resolveDecide(service: LayeredService, context: Context): ResolvedDecide | undefined {
  const setting = service.settings.decide;
  if (!setting) return undefined;
  const written = setting.value;
  const at = placeOfSetting(service, setting);
  if (!checkOne(written, { report: context.report, at, name: service.name })) return undefined;
  const program = written.program && programOf(written, { ...context, service, at });
  const { socket, deadline = DEADLINE, on_failure: onFailure = 'refuse', cache = CACHE } = written;
  const asks = socket === undefined ? { variant: context.variant } : { socket };
  const policy = { asks, deadlineMs: durationMs(deadline), onFailure, cacheMs: durationMs(cache) };
  return { policy, program };
}
