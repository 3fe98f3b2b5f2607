import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { type Outcome, runZinetd } from './run-zinetd.ts';

const USER = userInfo().username;
const INETD = [
  '# All services of this machine.',
  '',
  '# Echoes, for the tests.',
  `7901 stream tcp4 nowait ${USER} /bin/cat cat`,
  '',
  '# Switched off in 1999.\u0007',
  `#7902 stream tcp4 nowait ${USER} /bin/cat cat`,
  '#7903 stream tcp4 nowait nobody-at-all /bin/cat cat',
  '# The end.',
  '',
].join('\n');
const XINETD = `service cat
{
\t# as it was under inetd
\tport = 7901
\ttype = UNLISTED
\tsocket_type = stream
\twait = no
\tuser = ${USER}
\tserver = /bin/cat
\tinstances = 7
}
`;

/** A directory with these files, and zinetd in it. */
function place(files: Readonly<Record<string, string>>): {
  readonly home: string;
  readonly zinetd: (...args: readonly string[]) => Outcome;
} {
  const home = scratch('convert');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text, { mode: 0o644 });
  return { home, zinetd: (...args) => runZinetd(args, { cwd: home }) };
}

describe('zinetd convert', () => {
  test('finds out what a file is written in, also under another name', () => {
    const { zinetd } = place({ some: INETD, other: XINETD });
    expect(zinetd('convert', 'some').stdout).toContain('"7901":');
    expect(zinetd('convert', 'other').stdout).toContain('  cat:');
  });

  test('says so where it cannot be told, and where there is nothing to convert', () => {
    const { zinetd } = place({ prose: 'It was a dark night\n', 'it.yaml': 'version: 1\nservices: {}\n' });
    expect(zinetd('convert', 'prose')).toMatchObject({ code: 2, stdout: '' });
    expect(zinetd('convert', 'prose').stderr).toContain('Cannot tell what "prose" is written in');
    expect(zinetd('convert', 'it.yaml').stderr).toContain('is a configuration of zinetd already');
  });

  test('refuses to make one document of files in two formats', () => {
    const { zinetd } = place({ some: INETD, other: XINETD });
    const { code, stderr } = zinetd('convert', 'some', 'other');
    expect(code).toBe(2);
    expect(stderr).toContain('one looks like inetd, the other like xinetd');
  });

  test('keeps comments where they stood, and services that were switched off as such', () => {
    const { zinetd } = place({ 'inetd.conf': INETD });
    const { code, stdout } = zinetd('convert', 'inetd.conf');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# All services of this machine\.\n\nversion: 1\n/);
    expect(stdout).toContain('  # Echoes, for the tests.\n  "7901":\n');
    expect(stdout).toMatch(
      / {2}# Switched off in 1999\.\S+\n {2}"7902":\n(?: {4}.*\n)*? {4}enabled: false\n/,
    );
    expect(stdout).not.toContain('\u0007');
    expect(stdout).toMatch(/# The end\.\n$/);
  });

  test('leaves out whatever a line with an error says something of, and not only the first (F19)', () => {
    const { zinetd } = place({
      'hosts.allow': 'sshd: 10.0.0.1\nftpd: ALL\nALL: @no-such-netgroup\n',
      'hosts.deny': '',
    });
    const { stdout } = zinetd('convert', '--from', 'hosts_access', 'hosts.allow');
    expect(stdout).not.toContain('@no-such-netgroup');
    expect(stdout).not.toContain('others:');
  });

  test('tells in a report what became of each line, and why something was dropped', () => {
    const { home, zinetd } = place({ 'inetd.conf': INETD });
    zinetd('convert', 'inetd.conf', '--report', 'report.json');
    const report = JSON.parse(readFileSync(join(home, 'report.json'), 'utf8'));
    expect(report).toMatchObject({ version: 1, format: 'inetd' });
    expect(
      report.lines.map(({ line, became, service }: Record<string, unknown>) => [line, became, service]),
    ).toEqual([
      [1, 'comment', undefined],
      [2, 'blank', undefined],
      [3, 'comment', undefined],
      [4, 'service', '7901'],
      [5, 'blank', undefined],
      [6, 'comment', undefined],
      [7, 'service', '7902'],
      [8, 'dropped', '7903'],
      [9, 'comment', undefined],
    ]);
    expect(report.lines[7]).toMatchObject({ code: 'config/unknown-user' });
  });

  test('writes a main file and one for each service, and nothing over what is there', () => {
    const { home, zinetd } = place({ 'inetd.conf': INETD });
    expect(zinetd('convert', 'inetd.conf', '-o', 'out')).toMatchObject({ code: 0, stdout: '' });
    expect(readdirSync(join(home, 'out/services.d')).sort()).toEqual(['7901.yaml', '7902.yaml']);
    expect(zinetd('check', '-c', 'out/zinetd.yaml')).toMatchObject({ code: 0 });
    const again = zinetd('convert', 'inetd.conf', '-o', 'out');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('it is there already');
  });

  test('hardens services, and says of each change what it means', () => {
    const { home, zinetd } = place({ it: XINETD.replace(`user = ${USER}`, 'user = nobody') });
    const { stdout, stderr } = zinetd('convert', '--mode', 'extended', '--all', 'it');
    expect(stdout).toContain('    mode: extended\n');
    expect(stderr).toMatch(/^cat: mode: extended - it gets no privileges/m);
    expect(stderr).toMatch(/^cat: per_source: 3 - one client has at most 3 /m);
    writeFileSync(join(home, 'it.yaml'), stdout, { mode: 0o644 });
    expect(zinetd('check', '-c', 'it.yaml').code).toBe(0);
  });

  test('leaves services of root their privileges, which what logs users in needs', () => {
    const { zinetd } = place({ it: XINETD.replace(`user = ${USER}`, 'user = root') });
    const { stdout, stderr } = zinetd('convert', '--mode', 'extended', '--all', 'it');
    expect(stdout).toContain('    mode: inetd\n');
    expect(stderr).toMatch(/^cat: mode: inetd - as it was: it runs as root/m);
  });

  test('shows with --verify that the document means what its source does', () => {
    const { zinetd } = place({ it: XINETD });
    expect(zinetd('convert', '--verify', 'it')).toMatchObject({
      code: 0,
      stdout: 'No difference in 1 service\n',
    });
    const hardened = zinetd('convert', '--verify', '--mode', 'extended', 'it');
    expect(hardened.code).toBe(1);
    expect(hardened.stdout).toContain('service "cat", per_source: "UNLIMITED" became 3\n');
  });

  test('compares two configurations of any format by their meaning', () => {
    const { home, zinetd } = place({ it: XINETD });
    writeFileSync(join(home, 'it.yaml'), zinetd('convert', 'it').stdout, { mode: 0o644 });
    expect(zinetd('convert', '--diff', 'it', 'it.yaml')).toMatchObject({ code: 0, stdout: '' });
    writeFileSync(join(home, 'more'), XINETD.replace('= 7\n', '= 8\n'), { mode: 0o644 });
    expect(zinetd('convert', '--diff', 'it.yaml', 'more')).toMatchObject({
      code: 1,
      stdout: 'service "cat", instances: 7 became 8\n',
    });
    expect(zinetd('convert', '--diff', 'it')).toMatchObject({ code: 2 });
  });

  test('writes units of systemd for what can be said there, from any format', () => {
    const { home, zinetd } = place({ it: XINETD.replace('instances', 'flags = NOLIBWRAP\n\tinstances') });
    const { code, stdout, stderr } = zinetd('convert', '--to', 'systemd', 'it');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# cat\.socket\n\[Unit\]/);
    expect(stdout).toContain('\nListenStream=7901\n');
    expect(stdout).toContain('\nMaxConnections=7\n');
    expect(stdout).toContain('\n# cat@.service\n');
    expect(stderr).toContain('[to-systemd/');
    expect(zinetd('convert', '--to', 'systemd', '-o', 'units', 'it')).toMatchObject({ code: 0, stdout: '' });
    expect(readdirSync(join(home, 'units')).sort()).toEqual(['cat.socket', 'cat@.service']);
  });

  test('ends with 1 for a warning with --strict', () => {
    const { zinetd } = place({ it: INETD.replace('tcp4', 'tcp') });
    expect(zinetd('convert', 'it').code).toBe(0);
    expect(zinetd('convert', '--strict', 'it').code).toBe(1);
  });
});
