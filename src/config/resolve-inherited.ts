import { describeInherited, FIRST_INHERITED, type InheritedSocket } from '../model/inherited-socket.ts';
import { describeListen, type ListenPlace } from '../model/listen-address.ts';
import type { Service } from '../model/service.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { ListenText } from './listen.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly at: Place;
}

/** A socket that is there already, and what is known of it. */
export interface Inherited {
  readonly socket: Pick<InheritedSocket, 'number' | 'name'>;
  readonly place: ListenPlace;
  readonly isMptcp: boolean;
}

type FdText = Extract<ListenText, { readonly kind: 'fd' }>;

const ANYWHERE = { family: 4, bytes: new Uint8Array(4), port: 0, scopeId: 0 } as const;

function nameOf({ socket }: FdText): string {
  return typeof socket === 'number' ? String(socket + FIRST_INHERITED) : socket;
}

/** Of another command than `run`: whatever it is, it is nothing that the service could not have. */
function unseen(text: FdText, { service, ...context }: Context & { service: LayeredService }): Inherited {
  const name = nameOf(text);
  context.report.add({
    code: 'config/fd-not-seen',
    at: context.at,
    message: `Cannot look at the socket of ${quote(`fd://${name}`)}: only what zinetd itself is started with is there`,
  });
  const scheme = service.settings.wait?.value === true ? 'udp' : 'tcp';
  return { socket: { number: 0, name }, place: { scheme, address: ANYWHERE }, isMptcp: false };
}

function reportUnknown(text: FdText, { host: { sockets = [] }, report, at }: Context): void {
  const names = sockets.map(describeInherited).map(quote);
  const known = [...new Set(names)].join(', ');
  report.add({
    code: 'config/fd-unknown',
    at,
    message: `Cannot listen on ${quote(`fd://${nameOf(text)}`)}: zinetd was started with no such socket`,
    help:
      sockets.length === 0
        ? 'it was started with none: LISTEN_PID and LISTEN_FDS of sd_listen_fds(3) say which there are'
        : `it was started with ${known}`,
  });
}

/** Why the service cannot have the socket; undefined if it can. */
function misfit({ state }: InheritedSocket, service: LayeredService): string | undefined {
  if ('fault' in state) return state.fault;
  const { wait, builtin } = service.settings;
  if (state.place.scheme !== 'udp' || wait?.value === true || builtin) return undefined;
  return `without "wait: true" each peer on ${describeListen(state.place)} would need another socket beside it`;
}

/** The sockets that are meant: several can have one name. None after a report. */
export function resolveInherited(
  text: FdText,
  context: Context & { readonly service: LayeredService },
): readonly Inherited[] {
  const { host, service, report, at } = context;
  if (!host.sockets) return [unseen(text, context)];
  const { socket: wanted } = text;
  const meant = host.sockets.filter(
    ({ name, number }) => wanted === (typeof wanted === 'number' ? number : name),
  );
  if (meant.length === 0) reportUnknown(text, context);
  return meant.flatMap((socket) => {
    const { state, number, name } = socket;
    const reason = misfit(socket, service);
    if (reason === undefined && !('fault' in state)) return [{ socket: { number, name }, ...state }];
    const message = `Cannot use the socket of ${quote(`fd://${nameOf(text)}`)} in service ${quote(service.name)}: ${reason}`;
    report.add({ code: 'config/fd-misfit', at, message });
    return [];
  });
}

/** Whoever comes to one that no service has would wait for ever. */
export function checkUnused(
  services: readonly Service[],
  { host, report, file }: Omit<Context, 'at'> & { readonly file: string },
): void {
  const used = new Set(
    services.flatMap(({ listeners }) => listeners.map(({ inherited }) => inherited?.number)),
  );
  for (const socket of (host.sockets ?? []).filter(({ number }) => !used.has(number))) {
    const what = 'place' in socket.state ? describeListen(socket.state.place) : socket.state.fault;
    report.add({
      code: 'config/fd-unused',
      at: { file },
      message: `Found no use for the socket ${quote(socket.name)} that zinetd was started with: ${what}`,
      help: `have a service listen on "fd://${socket.number + FIRST_INHERITED}"`,
    });
  }
}
