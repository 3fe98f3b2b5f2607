import { dirname } from 'node:path';
import { handler } from '../harness/handler.ts';
import type { Group } from './group.ts';
import { type Stanza, servicesOf } from './services-of.ts';

interface ConfOptions {
  readonly log: string;
  /** A directory for files of the cases. */
  readonly files: string;
  readonly ports: ReadonlyMap<string, number>;
  /** The file as it is after the act of the group. */
  readonly isLater: boolean;
}

/** The service whose record comes after all others. */
export const LAST = 'last';

/** Lines of every stanza, unless it has that attribute, or says by `-ATTRIBUTE` that it has it not. */
const USUAL = [
  'type = UNLISTED',
  'socket_type = stream',
  'protocol = tcp',
  'wait = no',
  'user = nobody',
  'server = HANDLERS/echo',
  'port = PORT',
  'log_type = FILE LOG',
  'log_on_success = PID HOST EXIT DURATION',
  'log_on_failure = HOST',
];

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function attributeOf(line: string): string {
  return line.replace(/^-/, '').split(' ')[0] ?? '';
}

function block(head: string, lines: readonly string[]): string {
  return [head, '{', ...lines.map((line) => `\t${line}`), '}', ''].join('\n');
}

function service({ name, text = '' }: Stanza): string {
  const own = linesOf(text);
  const named = new Set(own.map(attributeOf));
  const usual = USUAL.filter((line) => !named.has(attributeOf(line)));
  return block(`service ${name}`, [...usual, ...own.filter((line) => !line.startsWith('-'))]);
}

function fill(text: string, options: ConfOptions & { readonly key: string }): string {
  const { log, files, ports, key } = options;
  return text
    .replaceAll('HANDLERS', dirname(handler('echo')))
    .replaceAll('LOG', log)
    .replaceAll('FILES', files)
    .replaceAll(/PORT_OF_(\w+)/g, (_, other: string) => String(ports.get(other)))
    .replaceAll('PORT', String(ports.get(key)));
}

/** The xinetd.conf of a group. */
export function writeConf(group: Group, options: ConfOptions): string {
  const all = group.cases.flatMap((it) => servicesOf(it, options.isLater));
  const last = { key: LAST, name: LAST, id: LAST, text: '' };
  const services = [...all, last].filter(({ text }) => text !== undefined);
  const defaults = group.defaults === undefined ? '' : block('defaults', linesOf(group.defaults));
  return [
    fill(defaults, { ...options, key: '' }),
    ...services.map((it) => fill(service(it), { ...options, key: it.key })),
  ].join('\n');
}
