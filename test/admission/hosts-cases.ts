import fc from 'fast-check';
import type { PeerName } from '../../src/admission/hosts-pattern.ts';

/** A client as tcpdmatch is told of it, and what is known of it. */
export interface Client {
  readonly argument: string;
  readonly address: string;
  readonly name: PeerName;
}

/** Line by line, for a resolver that takes the first line with a name. */
export const HOSTS = `127.0.0.1 localhost
10.0.0.1 alpha.example.test
10.0.1.1 lone
192.168.7.9 www.corp.example
10.9.8.7 10.0.0.evil.test
172.16.5.5 mixed.example.test
2001:db8::5 six.example.test
10.0.2.2 liar.example.test
10.0.0.66 liar.example.test shadow.example.test
`;

export const NETGROUPS = 'trusted (alpha.example.test,,) (LONE,,)\nothers (six.example.test,,)\n';

const known = (name: string, address: string): Client => ({
  argument: name,
  address,
  name: { kind: 'known', name },
});
const nameless = (address: string): Client => ({ argument: address, address, name: { kind: 'unknown' } });

export const CLIENTS: readonly Client[] = [
  known('alpha.example.test', '10.0.0.1'),
  known('lone', '10.0.1.1'),
  known('www.corp.example', '192.168.7.9'),
  known('10.0.0.evil.test', '10.9.8.7'),
  known('mixed.example.test', '172.16.5.5'),
  known('six.example.test', '2001:db8::5'),
  { argument: 'shadow.example.test', address: '10.0.0.66', name: { kind: 'paranoid' } },
  ...[
    '10.0.0.1',
    '10.0.0.2',
    '10.1.2.3',
    '192.168.7.9',
    '192.168.200.255',
    '127.0.0.1',
    '255.255.255.254',
  ].map(nameless),
  ...['2001:db8::77', '2001:db8:1::1', 'fe80::1', '::1', '3fff::'].map(nameless),
];

export const DAEMONS = ['sshd', 'in.ftpd', '2222'] as const;
export const SERVERS = ['10.7.7.7', '10.9.9.9', '2001:db8:ffff::1'] as const;

const ADDRESSES = CLIENTS.map(({ address }) => address);
const IPV4 = ADDRESSES.filter((address) => !address.includes(':'));

function masked(address: string, length: number): string {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const kept = Math.floor(number / 2 ** (32 - length)) * 2 ** (32 - length);
  return dotted(kept);
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}

function anded(address: string, mask: string): string {
  const bytes = mask.split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => Number(part) & (bytes[index] ?? 0))
    .join('.');
}

const ipv4 = fc.constantFrom(...IPV4);
const length = fc.integer({ min: 1, max: 32 });
const mask = fc.constantFrom(
  '255.0.0.0',
  '255.255.255.0',
  '255.0.255.0',
  '0.0.0.0',
  '0.0.0.255',
  '255.255.240.0',
);
const ipv6Network = fc.constantFrom(
  ...[
    '[2001:db8::]/32',
    '[2001:db8::5]',
    '[2001:DB8:0:0::5]/128',
    '[2001:db8::]/48',
    '[::]/0',
    '[fe80::]/10',
  ],
  ...['[::1]', '[2001:db8::76]/127', '[fe80::1]', '[2001:db8::]/33', '[3fff::]/20'],
);

const addressPattern = fc.oneof(
  ipv4,
  fc.tuple(ipv4, length).map(([address, bits]) => `${masked(address, bits)}/${bits}`),
  fc.tuple(ipv4, mask).map(([address, bits]) => `${anded(address, bits)}/${bits}`),
  fc
    .tuple(ipv4, fc.integer({ min: 1, max: 3 }))
    .map(([address, parts]) => `${address.split('.').slice(0, parts).join('.')}.`),
  ipv6Network,
  fc.constantFrom('10.*', '10.0.0.?', '192.168.*.9', '*.0.0.1', '1?.0.*', '*'),
);

const namePattern = fc.constantFrom(
  ...[
    'alpha.example.test',
    'ALPHA.Example.Test',
    'lone',
    'www.corp.example',
    '.example.test',
    '.TEST',
    '.example',
  ],
  ...[
    'www.',
    'mixed.example.',
    '*.example.*',
    'W*.corp.exampl?',
    '?lpha.example.test',
    '*.test',
    'liar.example.test',
  ],
  ...['shadow.example.test', 'example.test', 'localhost', '10.0.0.evil.test'],
);

const keyword = fc.constantFrom('ALL', 'all', 'LOCAL', 'KNOWN', 'Known', 'UNKNOWN', 'PARANOID', 'paranoid');

/** `@trusted` and the like, and files of patterns by their paths. */
function hostPattern(files: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: addressPattern },
    { weight: 4, arbitrary: namePattern },
    { weight: 3, arbitrary: keyword },
    { weight: 1, arbitrary: fc.constantFrom('@trusted', '@others', ...files) },
  );
}

export const daemonName = fc.constantFrom(
  ...[
    'ALL',
    'all',
    'KNOWN',
    'sshd',
    'SSHD',
    'in.ftpd',
    'in.',
    '.ftpd',
    's*',
    '?n.ftp*',
    '2222',
    '80',
    '*',
    'other',
  ],
);
const serverHost = fc.constantFrom(
  ...['10.7.7.7', '10.7.', '10.0.0.0/8', 'ALL', '[2001:db8::]/32', '10.*', '10.9.9.8/255.255.255.254', '*'],
);
export const daemonPattern = fc.oneof(
  { weight: 3, arbitrary: daemonName },
  { weight: 1, arbitrary: fc.tuple(daemonName, serverHost).map(([name, host]) => `${name}@${host}`) },
);

const separator = fc.constantFrom(' ', ' ', ', ', ',', '\t', ' \\\n', ',\\\n  ');
const EXCEPT = fc.constantFrom(' EXCEPT ', ' except\t', ' \\\nEXCEPT ');

function words(pattern: fc.Arbitrary<string>, most: number): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(pattern, separator), { minLength: 1, maxLength: most })
    .map((pairs) => pairs.map(([word, gap], index) => (index === 0 ? word : `${gap}${word}`)).join(''));
}

function list(pattern: fc.Arbitrary<string>, most: number): fc.Arbitrary<string> {
  return fc
    .tuple(words(pattern, most), fc.array(fc.tuple(EXCEPT, words(pattern, 2)), { maxLength: 3 }))
    .map(([first, exceptions]) => `${first}${exceptions.flat().join('')}`);
}

const options = fc.constantFrom(
  ...['', '', '', '', ' : allow', ' : DENY', ': keepalive : deny', ': severity mail.info', ':nice 5:allow'],
  ...[
    ' : setenv A a\\:b %% %d',
    ': linger 3 : umask 022',
    ': group daemon',
    ': nice = 3 \\\n : deny',
    ':setenv B',
  ],
);
const filler = fc.constantFrom(
  '',
  '',
  '',
  '',
  '# a comment: ALL\n',
  '\n',
  ' \t\n',
  '# continued \\\nALL: ALL\n',
);

/** The text of one table; `files` are what it may name, `daemons` what stands before its first colon. */
export function table(files: readonly string[], daemons: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const rule = fc
    .tuple(list(daemons, 2), fc.constantFrom(':', ' : ', ': '), list(hostPattern(files), 3), options, filler)
    .map(([names, colon, clients, more, before]) => `${before}${names}${colon}${clients}${more}\n`);
  return fc.array(rule, { maxLength: 5 }).map((rules) => rules.join(''));
}
