import type { RpcService } from '../model/rpc.ts';
import { rpcNetids } from '../model/rpc-netids.ts';
import { askHost } from './ask-host.ts';
import type { RpcDocument } from './document.ts';
import { entryNode } from './entry-node.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';
import { resolveMux } from './resolve-mux.ts';
import { sniNamesOf } from './resolve-sni.ts';
import { parseRpcVersions } from './rpc-versions.ts';
import type { Setting } from './settings.ts';
import type { Place } from './source.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** As inetd has it. */
const STANDARD_VERSION = 1;

/** Where a part of the attribute was written. */
function placeOfPart(service: LayeredService, setting: Setting<RpcDocument>, part: string): Place {
  return entryNode(setting.node, part)?.place ?? placeOfSetting(service, setting);
}

/** The number of a program; undefined after a report. */
function findProgram(
  program: number | string,
  { host, report, at }: Context & { readonly at: Place },
): number | undefined {
  if (typeof program === 'number') return program;
  const found = askHost(() => host.findRpcProgram(program), { report, at });
  if (found.failed || found.value !== undefined) return found.value;
  const message = `Cannot find RPC program ${quote(program)}: rpc(5) has no such name`;
  report.add({ code: 'config/unknown-rpc-program', at, message, help: 'write its number, without quotes' });
  return undefined;
}

/** rpcbind can send clients nowhere else. */
function checkListeners(
  service: LayeredService,
  { report, placed, at }: { report: Report; placed: readonly PlacedListener[]; at: Place },
): void {
  const odd = placed.find(({ listener }) => rpcNetids(listener).length === 0);
  const isChosen = placed.length === 0 && (resolveMux(service).length > 0 || sniNamesOf(service).length > 0);
  if (!odd && !isChosen) return;
  const message = `Cannot use "rpc" in service ${quote(service.name)}: rpcbind knows services on tcp:// and udp:// only`;
  report.add({ code: 'config/conflict', at: odd?.place ?? at, message });
}

/** What a service is registered as with rpcbind(8); undefined where it is not, or after a report. */
export function resolveRpc(
  service: LayeredService,
  context: Context & { readonly placed: readonly PlacedListener[] },
): RpcService | undefined {
  const setting = service.settings.rpc;
  if (!setting) return undefined;
  checkListeners(service, { ...context, at: placeOfSetting(service, setting) });
  const at = placeOfPart(service, setting, 'program');
  const program = findProgram(setting.value.program, { ...context, at });
  // The schema has looked at the versions already.
  const versions = parseRpcVersions(setting.value.versions ?? STANDARD_VERSION);
  return program === undefined || !versions ? undefined : { program, ...versions };
}
