import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ForeignFormat } from '../../src/config/foreign-format.ts';
import { readLaunchd } from '../../src/convert/launchd/read-launchd.ts';
import { readRlinetd } from '../../src/convert/rlinetd/read-rlinetd.ts';
import { readTcprules } from '../../src/convert/tcprules/read-tcprules.ts';
import { convertPaths, filesIn } from './convert-paths.ts';

const JOB = `<?xml version="1.0"?>
<plist version="1.0"><dict><key>Label</key><string>it</string>
<key>ProgramArguments</key><array><string>/bin/cat</string></array>
<key>inetdCompatibility</key><dict><key>Wait</key><false/></dict>
<key>Sockets</key><dict><key>a</key><dict><key>SockServiceName</key><string>7001</string></dict></dict>
</dict></plist>
`;
const SERVICE = 'service "it" {\n\tport 7001;\n\texec "/bin/cat";\n\tuser "nobody";\n}\n';

const FORMATS: readonly (readonly [name: string, format: ForeignFormat, file: string, text: string])[] = [
  ['launchd', readLaunchd, 'it.plist', JOB],
  ['rlinetd', readRlinetd, 'it', SERVICE],
];

describe.each(FORMATS)('files of %s', (_, format, file, text) => {
  const named = (paths: readonly string[], mode = 0o644) =>
    convertPaths(format, filesIn({ [`d/${file}`]: [text, mode] }), paths);

  test('are read by their names, and from a directory', () => {
    for (const path of [`d/${file}`, 'd']) {
      expect(Object.keys(named([path]).services)).toEqual(['it']);
    }
  });

  test('are read once, however often they are named, and that is said', () => {
    const found = named([`d/${file}`, 'd']);
    expect(Object.keys(found.services)).toEqual(['it']);
    expect(found.diagnostics.map(({ message }) => message).join('\n')).toContain(
      'again: it is part of this configuration already',
    );
  });

  test('that others can write to, or that are not there, are refused (S104)', () => {
    const refused = named([`d/${file}`], 0o666);
    expect([Object.keys(refused.services), refused.codes[0]]).toEqual([[], 'config/untrusted-path']);
    expect(named(['d'], 0o666).codes[0]).toBe('config/untrusted-path');
    expect(named(['none']).codes[0]).toBe('config/unreadable');
  });

  test('of a directory that others can write to are refused (S104)', () => {
    const home = filesIn({ [`d/${file}`]: text });
    chmodSync(join(home, 'd'), 0o777);
    expect(convertPaths(format, home, ['d']).codes[0]).toBe('config/untrusted-path');
  });

  test('of a directory without any are none', () => {
    const home = filesIn({});
    mkdirSync(join(home, 'd'));
    expect(convertPaths(format, home, ['d']).services).toEqual({});
  });
});

test('a name in a directory of rules that no client can have is told of, and the others stay', () => {
  const names = ['ip4/10.0.0.0_33', 'ip4/10.0.0.1_8', 'ip4/all', 'ip6/10.0.0.0_8', 'reversedns/a..b'];
  const files = Object.fromEntries(names.map((name) => [`peers/${name}/deny`, '']));
  const found = convertPaths(readTcprules, filesIn({ ...files, 'peers/ip4/10.0.0.0_8/allow': '' }), [
    'peers',
  ]);
  const told = found.diagnostics.filter(({ code }) => code === 'tcprules/never-matches');
  expect(told.map(({ message }) => message.replace(/^.*: /, ''))).toEqual([
    ...Array.from({ length: 4 }, () => 'its name is no network'),
    'its name is no name of a host',
  ]);
  expect(found.disabledServices).toMatchObject({ peers: { only_from: ['10.0.0.0/8'] } });
});
