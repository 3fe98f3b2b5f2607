import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { differencesOf } from '../../src/cli/convert/compare.ts';
import { convertSource } from '../../src/cli/convert/conversion.ts';
import { encodePolicy } from '../../src/compile/policy.ts';
import { encodeTable } from '../../src/compile/table.ts';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import type { ForeignFormat } from '../../src/config/foreign-format.ts';
import type { Host } from '../../src/config/host.ts';
import { parseListFile } from '../../src/config/list-file.ts';
import { type LoadResult, loadConfig } from '../../src/config/load.ts';
import { parseEnvFile } from '../../src/config/parse-env-file.ts';
import { printResolution } from '../../src/config/print.ts';
import { printDocument } from '../../src/config/print-document.ts';
import type { ForeignFile } from '../../src/config/read.ts';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import { makeSource } from '../../src/config/source.ts';
import { convertTables } from '../../src/convert/hosts-access/convert-tables.ts';
import { convertFiles as convertInetd } from '../../src/convert/inetd/convert-files.ts';
import { convertFiles as convertLaunchd } from '../../src/convert/launchd/convert-files.ts';
import { convertFiles as convertRlinetd } from '../../src/convert/rlinetd/convert-files.ts';
import { convertUnits } from '../../src/convert/systemd/convert-units.ts';
import { SERVICE_RULES } from '../../src/convert/xinetd/attribute-rules.ts';
import { convertFiles as convertXinetd } from '../../src/convert/xinetd/convert-files.ts';
import { fakeHost } from '../config/fake-host.ts';
import { oneService } from '../config/load-text.ts';
import { job } from '../convert/launchd/convert-text.ts';
import { memoryFiles as rlinetdFiles, service as rlinetdService } from '../convert/rlinetd/convert-text.ts';
import { memoryDisk, serviceUnit, socketUnit } from '../convert/systemd/convert-text.ts';
import { rulesOfText, serviceWith } from '../convert/tcprules/rules-of-text.ts';
import {
  defaults,
  memoryFiles as xinetdFiles,
  service as xinetdService,
} from '../convert/xinetd/convert-text.ts';
import { familyCorpus } from '../harness/family-corpus.ts';
import { inetdCorpus } from '../harness/inetd-corpus.ts';
import { xinetdCorpus } from '../harness/xinetd-corpus.ts';
import { type FuzzTarget, holds, texts } from './target.ts';

/** A machine that has every name, each with a number of its own, so that hardly anything fails for want of one. */
function anyHost(): Host {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const number = numbers.get(name) ?? 1024 + (numbers.size % 60_000);
    numbers.set(name, number);
    return number;
  };
  const named = (name: string) => ({ name, uid: numberOf(name), gid: numberOf(name) });
  return fakeHost({
    findUser: (name) => (name === 'root' ? { name, uid: 0, gid: 0 } : named(name)),
    ...{ findGroup: numberOf, findPort: numberOf, findRpcProgram: numberOf },
  });
}

const DIGEST_KEY = '0'.repeat(64);

/** But the line feed. What somebody's terminal would do something for (S30). */
const UNPRINTABLE = /[\0-\x09\x0b-\x1f\x7f-\x9f]/;

/** Each where it is, and in as many words as a line may have; the sorts of them. */
function codesOf(diagnostics: readonly Diagnostic[]): string {
  for (const { span, message, code } of diagnostics) {
    const { line = 1, column = 1 } = span.range ?? {};
    holds(line >= 1 && column >= 1 && message.length > 0, 'a place', code, line, column);
  }
  const shown = renderDiagnostics(diagnostics);
  holds(!UNPRINTABLE.test(shown), 'what is shown has no control characters', shown);
  return [...new Set(diagnostics.map(({ code }) => code))].toSorted().join(' ');
}

/** What a configuration is compiled to, if it is right, and that is so exactly where it has no error. */
function compile({ config, resolved, diagnostics }: LoadResult): string {
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  if (config) {
    holds(encodeTable(config).length > 0, 'a table');
    holds(encodePolicy(config, { digestKey: DIGEST_KEY, findings: undefined }).length > 0, 'a policy');
  }
  holds((config === undefined) === (resolved === undefined), 'both or none', hasErrors);
  return `${codesOf(diagnostics)} ${config?.services.length}`;
}

/** A configuration that is right is right as it is printed, and compiles to the same table. */
function runYaml(bytes: Uint8Array): string {
  const host = anyHost();
  const text = Buffer.from(bytes).toString('utf8');
  const loaded = loadConfig({ name: 'test.yaml', text }, host);
  const outcome = compile(loaded);
  const hasErrors = loaded.diagnostics.some(({ severity }) => severity === 'error');
  holds((loaded.config === undefined) === hasErrors, 'an error where nothing is loaded', outcome);
  if (!loaded.resolved) return outcome;
  const printed = printResolution(loaded.resolved);
  const again = loadConfig({ name: 'printed.yaml', text: printed }, host);
  holds(
    again.resolved !== undefined,
    'a printed configuration loads',
    again.diagnostics.map(({ message }) => message),
  );
  if (again.resolved) holds(printResolution(again.resolved) === printed, 'it prints the same', printed);
  return outcome;
}

/** What files become means the same in our words (as `convert --verify` has it). */
function tryConvert(format: ForeignFormat): string {
  const host = anyHost();
  const source = { paths: [], format };
  const outcome = compile(loadConfig(source, host));
  const { root, comments, reports, source: plain } = convertSource(source, { host, all: false });
  for (const { became, reason } of reports)
    holds(became !== 'dropped' || Boolean(reason), 'a reason', reports);
  if (!root) return outcome;
  const written = loadConfig({ name: 'written.yaml', text: printDocument(root, comments) }, host);
  const errors = written.diagnostics.filter(({ severity }) => severity === 'error');
  holds(
    errors.length === 0,
    'a document without an error',
    errors.map(({ message }) => message),
  );
  if (plain.resolved && written.resolved) {
    const differences = differencesOf(plain.resolved, written.resolved);
    holds(differences.length === 0, 'the same meaning', differences);
  }
  return outcome;
}

/** As a file is read: as Latin-1 where it is not in UTF-8. */
function fileOf(path: string, bytes: Uint8Array): ForeignFile {
  const isText = isUtf8(bytes);
  return {
    path,
    source: makeSource(path, Buffer.from(bytes).toString(isText ? 'utf8' : 'latin1')),
    isUtf8: isText,
  };
}

function runInetd(bytes: Uint8Array): string {
  const dialect = ([undefined, 'netbsd', 'gnu', 'freebsd'] as const)[(bytes.at(-1) ?? 0) & 3];
  return tryConvert((_, context) =>
    convertInetd([fileOf('inetd.conf', bytes)], {
      ...context,
      dialect,
      hasDirectory: false,
      include: () => [],
    }),
  );
}

const XINETD_FILES = {
  '/a': xinetdService('a'),
  '/d/b': `${xinetdService('b')}}\n`,
  '/d/c': 'defaults\n{\n',
};

function runXinetd(bytes: Uint8Array): string {
  const files = xinetdFiles(XINETD_FILES);
  return tryConvert((_, context) => convertXinetd([fileOf('xinetd.conf', bytes)], { ...context, files }));
}

function runRlinetd(bytes: Uint8Array): string {
  const files = rlinetdFiles({ '/d/a': rlinetdService('a') });
  return tryConvert((_, context) =>
    convertRlinetd([fileOf('rlinetd.conf', bytes)], { ...context, files, name: 'rlinetd.conf' }),
  );
}

function runPlist(bytes: Uint8Array): string {
  return tryConvert((_, context) =>
    convertLaunchd([fileOf('x.plist', bytes)], { ...context, name: 'x.plist' }),
  );
}

/** A socket and its service in one text, with the line between them that `seedOf` has put there. */
const BETWEEN = '\n#----\n';

function runSystemd(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  const [socket = '', service = '', other = ''] = text.split(BETWEEN);
  const name = /^\s*Accept\s*=\s*(no|false|0|off)/im.test(socket) ? '/u/it.service' : '/u/it@.service';
  const disk = memoryDisk(
    { '/u/it.socket': socket, [name]: service, '/u/it.socket.d/x.conf': other },
    isUtf8(bytes),
  );
  return tryConvert((_, context) => convertUnits(['/u'], { ...context, disk }));
}

function runHosts(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  const [allow = '', deny = ''] = text.split(BETWEEN).map((part) => Buffer.from(part, 'latin1'));
  return tryConvert((_, context) =>
    convertTables(
      [
        { table: 'allow', file: fileOf('hosts.allow', Buffer.from(allow)) },
        { table: 'deny', file: fileOf('hosts.deny', Buffer.from(deny)) },
      ],
      context,
    ),
  );
}

/** Rules that are read are rules that a service can have, and answers each client. */
function runTcprules(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  const { rules, entries, diagnostics } = rulesOfText(text, { isUtf8: isUtf8(bytes) });
  if (!rules) return codesOf(diagnostics);
  const answer = serviceWith(entries);
  const verdicts = ['192.0.2.1', '10.0.0.1', '2001:db8::1'].map(
    (address) => answer({ address, name: { state: 'unknown' } as never }).verdict,
  );
  return `${codesOf(diagnostics)} ${verdicts.join(' ')}`;
}

/** A file of prefixes, byte by byte and without an object for a line. */
function runList(bytes: Uint8Array): string {
  const { list, faults, faultCount } = parseListFile(bytes);
  const lines = Buffer.from(bytes).toString('latin1').split('\n').length;
  holds(faultCount <= lines && faults.length <= faultCount, 'a fault for a line', faultCount);
  for (const { line } of faults) holds(line >= 1 && line <= lines, 'a line of the file', line);
  return `${Math.min(faultCount, 9)} ${Object.keys(list).length}`;
}

function runEnvFile(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  const { variables, faults } = parseEnvFile(text);
  for (const [name, value] of variables) {
    holds(/^[A-Za-z_][A-Za-z0-9_]*$/.test(name), 'a name', name);
    holds(!value.includes('\0'), 'a value without NUL', name);
  }
  for (const { start, end } of faults) holds(start <= end && end <= text.length, 'a place', start, end);
  return `${Math.min(variables.length, 9)} ${faults.map(({ reason }) => reason).join(' ')}`;
}

const MOST_SEED_BYTES = 4000;
const MOST_SEEDS = 40;

/** Some of what others have written, if it is there. */
function filesOf(paths: readonly string[]): readonly Uint8Array[] {
  const small = paths.filter((path) => statSync(path).size <= MOST_SEED_BYTES);
  const step = Math.max(1, Math.floor(small.length / MOST_SEEDS));
  return small.filter((_, index) => index % step === 0).map((path) => readFileSync(path));
}

function filesBelow(directory: string, ending: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(directory, path));
}

function family(name: string): readonly Uint8Array[] {
  return filesOf(familyCorpus(name).flatMap(({ files }) => files));
}

const YAML_ATTRIBUTES = {
  ...{
    only_from: ['10.0.0.0/8', '::1'],
    no_access: ['192.0.2.1'],
    instances: 5,
    per_source: '2',
    cps: '5/1s',
  },
  ...{
    env: { A: 'b' },
    rlimits: { nofile: { soft: 5, hard: 9 } },
    umask: '027',
    nice: -5,
    access_times: ['08:00-17:00'],
  },
  ...{ server: '/bin/cat', server_args: ['-u', 'x y'], banner: '/etc/motd', capabilities: ['net_raw'] },
};
/** Billion laughs, keys of objects, numbers that are none, depth (S109). */
const YAML_BOMBS = [
  `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nversion: 1\nservices: {s: *c}\n`,
  `version: 1\nservices: {__proto__: {constructor: {prototype: 1}}}\n`,
  `version: 1\nservices: {${'{'.repeat(200)}\n`,
  `version: 0x1\nservices: !!binary "AAAA"\n--- \n...\n`,
  '%YAML 1.2\n---\nversion: 1\nservices:\n  ? [a]\n  : b\n',
];

const HOSTS_WORDS = [
  'ALL',
  'EXCEPT',
  'LOCAL',
  'PARANOID',
  ': allow',
  ': deny',
  ': spawn x %h',
  ': twist',
  '@net',
  '/f',
  '10.',
  '[::1]/64',
  '\\\n',
  BETWEEN,
];

export const CONFIG_TARGETS: readonly FuzzTarget[] = [
  {
    ...{ name: 'yaml', entries: 'F19, S101, S109', run: runYaml },
    words: [
      ...[
        'version: 1\n',
        'services:\n',
        'defaults:\n',
        'daemon:\n',
        '  s:\n',
        '    listen: tcp://*:7000\n',
        '    user: me\n',
      ],
      ...[
        '&a ',
        '*a',
        '<<: ',
        '? ',
        '- ',
        '|\n',
        '>-\n',
        '!!str ',
        '---\n',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '#',
        '\t',
        '\ufeff',
      ],
      ...[
        'unlimited',
        'null',
        'true',
        '.inf',
        '0x10',
        '1_000',
        '~',
        '__proto__',
        'tcp://',
        'unix:/run/x',
        'udp://[::]:7',
      ],
      ...Object.keys(YAML_ATTRIBUTES).map((name) => `    ${name}: `),
    ],
    seeds: () => [
      ...filesBelow('examples', '.yaml').map((path) => readFileSync(path)),
      ...texts(oneService(YAML_ATTRIBUTES), oneService({}), ...YAML_BOMBS),
      ...Object.entries(YAML_ATTRIBUTES).map(([name, value]) => Buffer.from(oneService({ [name]: value }))),
    ],
  },
  {
    ...{ name: 'inetd', entries: 'F19, S101', run: runInetd },
    words: [
      ...[
        ' stream',
        ' dgram',
        ' tcp',
        ' tcp46',
        ' udp6',
        ' nowait',
        ' wait.100',
        '/60/10',
        ' root',
        ' me.us:x',
        ' internal',
      ],
      ...[
        'ftp',
        '*:',
        '[::1]:',
        'rpc/udp',
        '/1-3',
        '#',
        '#<off>#',
        '\t',
        '@host:',
        ' on user = me;',
        ' /bin/cat cat "a b"',
      ],
    ],
    seeds: () => [
      ...filesOf(inetdCorpus().map(({ path }) => path)),
      ...texts(
        'ftp stream tcp nowait.5/3 root /usr/sbin/tcpd in.ftpd -l\n#<off># time dgram udp wait root internal\n',
        '127.0.0.1:\n7001 stream tcp nowait me /bin/cat cat\n*:\nrstatd/1-3 dgram rpc/udp wait nobody /x x\n',
        '1 stream tcp6 nowait:2,3 me:grp,class /bin/cat\n.include /x\n+ftp/tcp stream tcp6 nowait root a a\n',
      ),
    ],
  },
  {
    ...{ name: 'xinetd', entries: 'F19, S102', run: runXinetd },
    words: [
      'service x\n{\n',
      '}\n',
      'defaults\n{\n',
      'include /a\n',
      'includedir /d\n',
      ' = ',
      ' += ',
      ' -= ',
      'UNLIMITED',
      'yes',
      ...SERVICE_RULES.keys(),
    ],
    seeds: () => [
      ...filesOf(xinetdCorpus().flatMap(({ files }) => files)),
      readFileSync('examples/xinetd.conf'),
      ...texts(
        `${defaults('instances = 5', 'only_from = ::1', 'log_type = SYSLOG daemon')}${xinetdService('x', 'env = A=1')}include /a\n`,
      ),
      ...texts(
        xinetdService(
          'y',
          'only_from += 10.0.0.0 128.138.{200,201}',
          'access_times = 8:5-9:59',
          'redirect = ::1 80',
        ),
      ),
    ],
  },
  {
    ...{ name: 'rlinetd', entries: 'F19', run: runRlinetd },
    words: [
      'service "x" {\n',
      '}\n',
      'defaults {\n',
      'directory "/d";\n',
      'port "ftp";',
      'user "me";',
      'exec "/bin/cat -u";',
      'accept { "10.0.0.1"; }',
      'capability "cap_chown=eip";',
      'limit { }',
      '"',
      ';',
      '${',
      '%I',
    ],
    seeds: () => [
      ...family('rlinetd'),
      ...texts(
        rlinetdService(
          'x',
          'interface 10.0.0.1, 2001:db8::1;',
          'instances 7;',
          'rlimit nofile { soft 5; hard 9; }',
        ),
        rlinetdService(
          'x',
          'protocol udp;',
          'wait yes;',
          'rpc { name "y"; version 3, 1-2; }',
          'initgroups yes;',
        ),
        rlinetdService(
          'x',
          'tcpd "d" { echo "5%% of %O\\n"; exit; }',
          'capability "cap_setuid,cap_chown=eip";',
        ),
        rlinetdService(
          'x',
          'log syslog "from %O";',
          'exec "in.a -x";',
          'server "/usr/sbin/tcpd";',
          'chroot "/srv";',
        ),
        `directory "/d";\nservice "x" { port 7; user "me"; chargen; }\n# y\n${rlinetdService('yy')}`,
      ),
    ],
  },
  {
    ...{ name: 'systemd', entries: 'F19', run: runSystemd },
    words: [
      '[Socket]\n',
      '[Service]\n',
      '[Unit]\n',
      'ListenStream=',
      'ListenDatagram=',
      'Accept=yes\n',
      'ExecStart=',
      'User=',
      'MaxConnections=',
      'SystemCallFilter=',
      'IPAddressAllow=',
      'Environment=',
      'ProtectSystem=',
      '%i',
      '\\x2d',
      '-',
      '@',
      'infinity',
      BETWEEN,
    ],
    seeds: () => [
      ...texts(
        `${socketUnit('ListenStream=[::1]:7', 'MaxConnections=5')}${BETWEEN}${serviceUnit('User=me', 'Environment="A=b c" D=e')}`,
        `${socketUnit('Accept=no', 'ListenDatagram=/run/x')}${BETWEEN}${serviceUnit('User=me', 'ProtectSystem=full', 'LimitNOFILE=5:9')}`,
        `${socketUnit('IPAddressAllow=10.0.0.0/8 localhost', 'IPAddressDeny=any')}${BETWEEN}${serviceUnit('DynamicUser=yes', 'SystemCallFilter=@system-service ~@mount')}${BETWEEN}[Socket]\nBacklog=9\n`,
      ),
      ...family('systemd'),
    ],
  },
  {
    ...{ name: 'plist', entries: 'F19', run: runPlist },
    words: [
      '<key>',
      '</key>',
      '<dict>',
      '</dict>',
      '<array>',
      '<true/>',
      '<integer>',
      '&#0;',
      '&lol;',
      '<!ENTITY a "b">',
      '<![CDATA[',
      ']]>',
      '<!--',
      'SockServiceName',
      'UserName',
      'Label',
      'inetdCompatibility',
    ],
    seeds: () => [
      ...family('launchd'),
      ...texts(
        job({
          EnvironmentVariables: { A: 'b' },
          Nice: 5,
          Umask: 18,
          HardResourceLimits: { NumberOfFiles: 9 },
        }),
        job({
          Sockets: { a: [{ SockServiceName: 'ftp', SockNodeName: '::1' }, { SockPathName: '/run/x' }] },
        }),
        `<!DOCTYPE plist [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><plist version="1.0"><dict><key>Label</key><string>&b;</string></dict></plist>`,
      ),
    ],
  },
  {
    ...{ name: 'hosts-access', entries: 'F19, S102', run: runHosts },
    words: HOSTS_WORDS,
    seeds: () => [
      ...filesOf(filesBelow('test/fixtures/corpus/hosts_access', '.allow')),
      ...texts(
        `sshd: 10. EXCEPT 10.0.0.1\nALL: .example.com: spawn (x %h) &${BETWEEN}ALL: ALL\n`,
        `in.ftpd@::1: [::1]/64, user@host: deny\n`,
      ),
    ],
  },
  {
    ...{ name: 'tcprules', entries: 'F19', run: runTcprules },
    words: [
      ':allow',
      ':deny',
      ',A="x"',
      '=host',
      '=.dom',
      '10.0.0.1-9',
      '::1',
      'u@',
      '@',
      '#',
      '\n',
      ',',
      '!',
    ],
    seeds: () => [
      ...filesOf(familyCorpus('tcprules').flatMap(({ files }) => files)),
      ...texts(
        '10.0.0.1:allow,RELAYCLIENT=""\n192.168.1-9.:deny\n=.example:allow\n:deny\n',
        '::1:allow,A="b",C=/d/\n2001:db8::/32:deny\n',
      ),
    ],
  },
  {
    ...{ name: 'list-files', entries: 'F19, S109', run: runList },
    words: ['/', '-', '::', '::ffff:', '/129', '/33', '#', ';', '\n', '\r\n', '10.0.0.1-10.0.0.9'],
    seeds: () =>
      texts(
        '10.0.0.0/8\n# x\n192.0.2.1 - 192.0.2.9\n2001:db8::/32 ; y\n::ffff:1.2.3.4\n',
        '1.2.3\n::1/129\nname\n',
      ),
  },
  {
    ...{ name: 'env-files', entries: 'F19', run: runEnvFile },
    words: ['=', '"', "'", '\\', '\\\n', 'export ', '#', ';', '$A', '\0', '\n'],
    seeds: () => texts('A=b\nexport C="d e"\n# x\nF=\'g\'\\\nh\n', 'A=\\"\nB="\n', '1=2\n=x\n'),
  },
];
