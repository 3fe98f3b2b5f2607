import type { Directive } from './directive.ts';
import type { Token } from './token.ts';

/** What may stand behind the name of a directive. */
export interface Form {
  /** Of `signatureOf`: `"` is a text, `#` a number, `;` an address, `{` a block; words and marks are themselves. */
  readonly pattern: RegExp;
  readonly words: string;
}

const TEXT: Form = { pattern: /^"$/, words: 'one text in quotes' };
const NUMBER: Form = { pattern: /^#$/, words: 'one number' };
const SWITCH: Form = { pattern: /^(?:yes|no)$/, words: '"yes" or "no"' };
const NOTHING: Form = { pattern: /^$/, words: 'nothing' };
const PRINCIPAL: Form = { pattern: /^["#]$/, words: 'a name in quotes or a number' };
const LIMIT: Form = { pattern: /^(?:#|unlimited)$/, words: 'a number or "unlimited"' };

const RESOURCES = 'cpu|fsize|data|stack|core|rss|nproc|nofile|memlock';

/** What a service is; the last of each kind counts, and so does that of `defaults`. */
export const SETTINGS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['enabled', SWITCH],
  ['port', { pattern: /^["#](?: , ["#])*$/, words: 'names in quotes or numbers, with commas between' }],
  ['interface', { pattern: /^(?:any|;(?: , ;)*)$/, words: '"any", or addresses with commas between' }],
  ['server', TEXT],
  ['protocol', { pattern: /^(?:tcp|udp)$/, words: '"tcp" or "udp"' }],
  ['family', { pattern: /^ipv[46]$/, words: '"ipv4" or "ipv6"' }],
  ['user', PRINCIPAL],
  ['group', PRINCIPAL],
  ['initgroups', { pattern: /^(?:yes|no)?$/, words: '"yes", "no" or nothing' }],
  ['backlog', NUMBER],
  ['instances', NUMBER],
  ['wait', SWITCH],
  ['rpc', { pattern: /^\{$/, words: 'a block' }],
  ['filter', TEXT],
]);

/** What a service does. */
export const ACTIONS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['exec', TEXT],
  ['nice', { pattern: /^(?:- )?#$/, words: 'one number' }],
  [
    'rlimit',
    { pattern: new RegExp(`^(?:${RESOURCES}) (?:#|unlimited|\\{)$`), words: 'a limit and a number' },
  ],
  ['chroot', TEXT],
  ['log', { pattern: /^(?:syslog|") "$/, words: '"syslog" or a name in quotes, and a text in quotes' }],
  ['tcpd', { pattern: /^(?:")? ?\{?$/, words: 'a name in quotes, a block, both or nothing' }],
  ['capability', TEXT],
  ['banner', TEXT],
  ['echo', TEXT],
  ['chargen', { pattern: /^(?:")?$/, words: 'a text in quotes or nothing' }],
  ['discard', NOTHING],
  ['loopback', NOTHING],
  ['close', NOTHING],
  ['exit', NOTHING],
  ['fish', NOTHING],
]);

export const SERVICE_FORMS: ReadonlyMap<string, Form> = new Map([...SETTINGS, ...ACTIONS]);

/** What a block of `rpc` says. */
export const RPC_FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['name', TEXT],
  [
    'version',
    { pattern: /^#(?: - #)?(?: , #(?: - #)?)*$/, words: 'numbers and ranges, with commas between' },
  ],
]);

export const RLIMIT_FORMS: ReadonlyMap<string, Form> = new Map([
  ['soft', LIMIT],
  ['hard', LIMIT],
]);

/** What a file of records is; `file` is another word for `path`. */
export const LOG_FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['path', TEXT],
  ['file', TEXT],
  ['mode', NUMBER],
  ['user', PRINCIPAL],
  ['group', PRINCIPAL],
]);

/** What a file is made of. */
export const TOP_FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['service', { pattern: /^" \{$/, words: 'a name in quotes and a block' }],
  ['defaults', { pattern: /^\{$/, words: 'a block' }],
  ['log', { pattern: /^" \{$/, words: 'a name in quotes and a block' }],
  ['directory', { pattern: /^"(?: "){0,2}$/, words: 'a path and up to two patterns, in quotes' }],
]);

/** The blocks that directives of a service may have. */
export function blockForms(name: string): ReadonlyMap<string, Form> {
  if (name === 'rpc') return RPC_FORMS;
  return name === 'rlimit' ? RLIMIT_FORMS : ACTIONS;
}

const SIGNS: Readonly<Partial<Record<Token['kind'], string>>> = { string: '"', number: '#', address: ';' };

/** What stands behind the name, in one line. */
export function signatureOf({ values, block }: Directive): string {
  return [...values.map(({ kind, text }) => SIGNS[kind] ?? text), ...(block ? ['{'] : [])].join(' ');
}
