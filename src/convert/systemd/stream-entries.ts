import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { lastOf, placeOfValue, type Setting, topOf } from './unit.ts';

type Stderr = 'socket' | 'log' | 'none';

/** What stands for what, by the part before a colon. */
const OUTPUTS: Readonly<Record<string, Stderr>> = {
  ...{ socket: 'socket', null: 'none', journal: 'log', syslog: 'log', kmsg: 'log' },
  ...{ 'journal+console': 'log', 'syslog+console': 'log', 'kmsg+console': 'log' },
};

interface Output {
  readonly to: Stderr;
  readonly setting: Setting | undefined;
}

function warnOfPlace(setting: Setting, { report }: PairContext): void {
  const message = `Sent what "${setting.name}=${setting.value}" is about to the log: zinetd has no file or terminal for it`;
  const help = 'write where the records of the service go in "log_type"';
  report.add({ code: 'systemd/output', at: placeOfValue(setting), message, help });
}

function outputOf(name: string, inherited: Output, context: PairContext): Output {
  const setting = lastOf(context.service, 'Service', name);
  if (!setting || setting.value === 'inherit') return inherited;
  const known = Object.hasOwn(OUTPUTS, setting.value) ? OUTPUTS[setting.value] : undefined;
  if (known === undefined) warnOfPlace(setting, context);
  return { to: known ?? 'log', setting };
}

/** The connection is both input and output, or it is neither. */
function checkOutput({ to, setting }: Output, { report }: PairContext): void {
  if (!setting || to === 'socket') return;
  const message = `Cannot have "${setting.name}=${setting.value}" beside "StandardInput=socket": in zinetd the connection is standard output, too`;
  report.add({ code: 'systemd/not-supported', at: placeOfValue(setting), message });
}

/** Output and errors have one way, which is that of the errors. */
function checkOneWay(output: Output, error: Output, { report }: PairContext): void {
  if (output.to === error.to) return;
  const at = output.setting ?? error.setting;
  if (!at) return;
  const message = `Sent standard output and standard error to ${error.to === 'none' ? 'nobody' : 'the log'}: with LISTEN_FDS they go one way`;
  report.add({ code: 'systemd/output', at: placeOfValue(at), message });
}

/** Where standard error goes, and what is said of the other streams. */
export function streamEntries(context: PairContext): readonly MapEntry[] {
  const isSocket = context.handsOver === 'socket';
  const usual: Output = { to: isSocket ? 'socket' : 'log', setting: undefined };
  const output = outputOf('StandardOutput', usual, context);
  const error = outputOf('StandardError', output, context);
  if (isSocket) checkOutput(output, context);
  else checkOneWay(output, error, context);
  const at = error.setting ? placeOfValue(error.setting) : topOf(context.service);
  return [entryOf('stderr', scalarNode(error.to, at))];
}
