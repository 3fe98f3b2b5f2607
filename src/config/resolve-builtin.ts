import type { Builtin, BuiltinKind, IdentPolicy } from '../model/builtin.ts';
import type { AttributeName, IdentDocument } from './document.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { durationMs } from './resolve-limits.ts';
import type { PlacedListener } from './resolve-listeners.ts';
import { resolveQuotes } from './resolve-quotes.ts';

/** FreeBSD's: ten seconds. */
const IDENT_TIMEOUT = '10s';

function identOf(written: IdentDocument): IdentPolicy {
  return {
    fallback: written.fallback,
    isRandom: written.random ?? false,
    isNumeric: written.numeric ?? false,
    isReal: written.real ?? false,
    fakeid: written.any_fakeid ? 'any' : written.fakeid ? 'checked' : 'none',
    noident: written.noident ?? false,
    os: written.os ?? 'UNIX',
    timeoutMs: durationMs(written.timeout ?? IDENT_TIMEOUT),
  };
}

/** What zinetd gives itself; undefined for a service with a program. */
export function resolveBuiltin(
  service: LayeredService,
  context: { readonly report: Report; readonly lists: ListReader },
): Builtin | undefined {
  const { settings } = service;
  const kind = settings.builtin?.value as BuiltinKind | undefined;
  if (kind === 'ident') return { kind, ident: identOf(settings.ident?.value ?? {}) };
  if (kind === 'qotd') return { kind, quotes: resolveQuotes(service, context) };
  return kind && { kind };
}

/** What only a handler of its own could have. */
const OF_A_PROGRAM: readonly AttributeName[] = ['server', 'server_args', 'argv0', 'sensor', 'decide', 'rpc'];

/** The resolver may read nothing below home directories, and nobody else should for the sake of a name. */
function checkIdent(service: LayeredService, report: Report): void {
  const { ident } = service.settings;
  for (const name of ['fakeid', 'any_fakeid'] as const) {
    if (ident?.value?.[name] !== true) continue;
    report.add({
      code: 'config/not-supported',
      at: placeOfSetting(service, ident),
      message: `Cannot use ${quote(name)} in service ${quote(service.name)}: nothing of zinetd may read home directories`,
      help: 'write "random: true", "fallback" or "noident: true"',
    });
  }
}

/** Settings that contradict each other around `builtin`. */
export function checkBuiltin(service: LayeredService, report: Report): void {
  const { builtin, ident, qotd_file: file, wait } = service.settings;
  const conflict = (name: AttributeName, reason: string): void => {
    const at = placeOfSetting(service, service.settings[name]);
    report.add({
      code: 'config/conflict',
      at,
      message: `Cannot use ${quote(name)} in service ${quote(service.name)}: ${reason}`,
    });
  };
  if (ident?.node && builtin?.value !== 'ident') conflict('ident', 'it belongs to "builtin: ident"');
  if (file?.node && builtin?.value !== 'qotd') conflict('qotd_file', 'it belongs to "builtin: qotd"');
  if (!builtin) return;
  checkIdent(service, report);
  if (builtin.value === 'qotd' && !file) conflict('builtin', 'qotd needs a "qotd_file"');
  if (wait?.value) conflict('wait', 'zinetd gives this service itself');
  for (const name of OF_A_PROGRAM) {
    const setting = service.settings[name];
    if (setting?.node && setting.value !== false) conflict(name, 'zinetd gives this service itself');
  }
}

/** Those without datagrams. */
const OF_STREAMS: readonly (BuiltinKind | undefined)[] = ['ident', 'tcpmux'];

/** A built-in has no use for sockets whose senders have no address, and ident only for what has ports. */
export function checkBuiltinSockets(
  service: LayeredService,
  { report, placed }: { readonly report: Report; readonly placed: readonly PlacedListener[] },
): void {
  const kind = service.settings.builtin?.value as BuiltinKind | undefined;
  if (!kind) return;
  for (const { listener, place } of placed) {
    const { scheme } = listener;
    const isUseless =
      scheme === 'unix-dgram' ||
      scheme === 'unix-seqpacket' ||
      (scheme === 'udp' && OF_STREAMS.includes(kind)) ||
      (scheme !== 'tcp' && kind === 'ident');
    if (!isUseless) continue;
    const message = `Cannot use "${scheme}://" in service ${quote(service.name)}: ${quote(kind)} does not speak over it`;
    report.add({ code: 'config/conflict', at: place, message });
  }
}
