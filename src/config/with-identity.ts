import type { Program } from '../model/service.ts';
import { chooseIdentity } from './choose-identity.ts';
import type { Principal } from './document.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { Report } from './report.ts';
import { checkCallerIdentity } from './resolve-identity.ts';
import { giveTo } from './sandbox/plan-credentials.ts';
import type { SyntaxNode } from './syntax-node.ts';

const ROOT = 0;

/** What is to be other than in the service, and where that is written. */
interface Wanted {
  readonly host: Host;
  readonly report: Report;
  readonly service: LayeredService;
  readonly user?: Principal | undefined;
  readonly group?: Principal | undefined;
  readonly written: SyntaxNode | undefined;
}

/** The program as if the service had been written with that user or group; the same, with a warning, without root. */
export function withIdentity(program: Program, wanted: Wanted): Program {
  const { host, report, service, user, group, written: node } = wanted;
  const changes = {
    ...(user === undefined ? {} : { user: { value: user, node }, group: undefined }),
    ...(group === undefined ? {} : { group: { value: group, node } }),
  };
  const withSettings = (settings: object): LayeredService => ({ ...service, settings }) as LayeredService;
  if (host.ownerUid !== ROOT) {
    checkCallerIdentity(withSettings(changes), { host, report });
    return program;
  }
  const identity = chooseIdentity(withSettings({ ...service.settings, ...changes }), { host, report });
  if (!identity) return program;
  const { sandbox } = program;
  return { ...program, identity, sandbox: sandbox && { ...sandbox, calls: giveTo(sandbox.calls, identity) } };
}
