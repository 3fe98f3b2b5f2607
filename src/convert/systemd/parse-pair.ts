import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Pair } from './pair.ts';
import { lastOf, placeOfValue, topOf, type Unit } from './unit.ts';
import { parseUnitName, type UnitName } from './unit-name.ts';
import { askBoolean, ofSocket } from './value-of.ts';
import { expandValue } from './words-of.ts';

interface Context {
  readonly report: Report;
  readonly findService: (name: UnitName) => Unit | undefined;
}

function serviceName(text: string): UnitName | undefined {
  const name = parseUnitName(text);
  return name?.type === 'service' ? name : undefined;
}

/** The service that a socket unit starts; undefined after a report. */
function nameOfService(socket: Unit, accepts: boolean, report: Report): UnitName | undefined {
  const { prefix, instance } = socket.name;
  const setting = lastOf(socket, 'Socket', 'Service');
  if (!setting) {
    const suffix = accepts ? '@' : instance === undefined ? '' : `@${instance}`;
    return serviceName(`${prefix}${suffix}.service`);
  }
  if (accepts) {
    const message = 'Cannot use "Service=" with "Accept=yes": systemd refuses such a unit';
    return void report.add({ code: 'systemd/not-supported', at: setting.place, message });
  }
  const word = expandValue(setting, { unit: socket, isPerClient: false, report });
  const name = word && serviceName(word.text);
  if (name || !word) return name;
  const message = `Cannot use ${quote(word.text)} for "Service=": it is no name of a service`;
  return void report.add({ code: 'systemd/value', at: placeOfValue(setting), message });
}

function reportMissing(socket: Unit, name: UnitName, report: Report): undefined {
  const message = `Cannot find ${quote(name.full)}, which ${quote(socket.name.full)} starts`;
  const help = 'name its file or directory as well';
  const at = lastOf(socket, 'Socket', 'Accept', 'Service')?.place ?? topOf(socket);
  report.add({ code: 'systemd/no-service', at, message, help });
}

const INPUTS = ['null', 'socket'];
const SOCKET = 'socket';

/** How the service gets its socket; undefined after a report. */
function handingOf(
  { service, accepts }: Pick<Pair, 'service' | 'accepts'>,
  report: Report,
): Pair['handsOver'] | undefined {
  const input = lastOf(service, 'Service', 'StandardInput');
  if (input?.value === SOCKET) return SOCKET;
  if (input && !INPUTS.includes(input.value)) {
    const message = `Cannot have "StandardInput=${input.value}": a handler has its connection for standard input`;
    return void report.add({ code: 'systemd/not-supported', at: placeOfValue(input), message });
  }
  const output = ['StandardOutput', 'StandardError']
    .map((name) => lastOf(service, 'Service', name))
    .find((setting) => setting?.value === SOCKET);
  if (output) {
    const message = `Cannot have "${output.name}=socket" without "StandardInput=socket": the program would write to its client and not read`;
    return void report.add({ code: 'systemd/not-supported', at: placeOfValue(output), message });
  }
  if (!accepts) return 'listed';
  const at = input ? placeOfValue(input) : topOf(service);
  const message = `Cannot hand connections to ${quote(service.name.full)}: without "StandardInput=socket" it wants them as descriptor 3`;
  const help =
    'write "StandardInput=socket" if the program, or an option of it, takes its connection from there, as with inetd';
  return void report.add({ code: 'systemd/descriptor', at, message, help });
}

/** A socket unit with its service; undefined after a report. */
export function parsePair(socket: Unit, { report, findService }: Context): Pair | undefined {
  const accepts = askBoolean(ofSocket({ socket }, 'Accept'), { report })?.value ?? false;
  if (socket.name.instance === '') {
    const message = `Cannot convert ${quote(socket.name.full)}: it is a template, which runs under the name of an instance only`;
    return void report.add({ code: 'systemd/not-supported', at: topOf(socket), message });
  }
  const name = nameOfService(socket, accepts, report);
  if (!name) return undefined;
  const service = findService(name);
  if (!service) return reportMissing(socket, name, report);
  if (service.isBroken) return undefined;
  const datagrams = accepts ? lastOf(socket, 'Socket', 'ListenDatagram') : undefined;
  if (datagrams) {
    const message = 'Cannot accept on "ListenDatagram=": systemd refuses such a unit';
    return void report.add({ code: 'systemd/not-supported', at: datagrams.place, message });
  }
  const handsOver = handingOf({ service, accepts }, report);
  return handsOver && { socket, service, accepts, handsOver };
}
