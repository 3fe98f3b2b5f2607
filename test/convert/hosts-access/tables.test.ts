import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHostsAccess } from '../../../src/convert/hosts-access/read-hosts-access.ts';
import { hostsCorpus } from '../../harness/hosts-corpus.ts';
import { convertPaths, filesIn } from '../convert-paths.ts';

function convert(files: Readonly<Record<string, string>>, paths: readonly string[] = Object.keys(files)) {
  return convertPaths(readHostsAccess, filesIn(files), paths);
}

function servicesOf(allow: string, deny: string) {
  const { disabledServices, codes } = convert({ 'hosts.allow': allow, 'hosts.deny': deny });
  return { services: disabledServices, codes: codes.filter((code) => code !== 'hosts_access/no-services') };
}

describe('hosts.allow and hosts.deny', () => {
  test('become access lists of each daemon that they name, and of the others, where addresses decide (promise 6)', () => {
    const found = convert({
      'hosts.allow': '# mine\nsshd, in.ftpd: 192.0.2. \\\n 10.1.2.3\nsshd: 10.1.: deny\n\n',
      'hosts.deny': 'sshd: 10.\nin.ftpd: ALL\n',
    });
    expect(found.disabledServices).toEqual({
      sshd: {
        enabled: false,
        only_from: ['192.0.2.0/24', '10.1.2.3', '0.0.0.0/0', '::/0'],
        no_access: ['10.1.0.0/16', '10.0.0.0/8'],
      },
      'in.ftpd': { enabled: false, only_from: ['192.0.2.0/24', '10.1.2.3'] },
      others: { enabled: false },
    });
    expect(found.codes).toEqual(['hosts_access/no-services']);
    expect(found.lines).toEqual([
      'hosts.allow:1-1 comment',
      'hosts.allow:2-3 disabled sshd',
      'hosts.allow:4-4 disabled sshd',
      'hosts.allow:5-5 blank',
      'hosts.deny:1-1 disabled sshd',
      'hosts.deny:2-2 disabled in.ftpd',
    ]);
  });

  test('stay rules where more is asked than an address', () => {
    expect(
      servicesOf('vsftpd: 10.0.0.1: setenv A b\nvsftpd: LOCAL EXCEPT lone\n', 'ALL EXCEPT sshd: ALL\n')
        .services,
    ).toEqual({
      vsftpd: {
        enabled: false,
        hosts_access: {
          allow: ['vsftpd: 10.0.0.1: setenv A b', 'vsftpd: LOCAL EXCEPT lone'],
          deny: ['ALL EXCEPT sshd: ALL'],
          daemon: 'vsftpd',
        },
      },
      sshd: { enabled: false },
      others: { enabled: false, only_from: [] },
    });
  });

  test('with a rule behind one that takes all of its clients say so', () => {
    const { services, codes } = servicesOf('sshd: 10.\nsshd: 10.1.: deny\nsshd: ALL\nsshd: 11.: deny\n', '');
    expect(services['sshd']).toEqual({ enabled: false });
    expect(codes).toEqual(['hosts_access/shadowed', 'hosts_access/shadowed']);
  });

  test.each([
    ['in.fingerd: ALL: spawn (echo)\n', 'hosts/spawn'],
    ['in.fingerd: ALL: twist /bin/echo\n', 'hosts/twist'],
    ['in.fingerd: ALL: aclexec /bin/x\n', 'hosts/aclexec'],
    ['in.fingerd: root@ALL\n', 'hosts/ident'],
    ['in.fingerd: 10.0.0.1/8\n', 'hosts/host-bits'],
  ])(
    'of which %j cannot be taken have no lists at all: one without it would be another (S56)',
    (rule, code) => {
      const { services, codes } = servicesOf(`sshd: 10.\n${rule}`, 'ALL: ALL\n');
      expect(codes).toEqual([code]);
      expect(services).toEqual({});
    },
  );

  test('are read from their directory, and one of them with the other that lies beside', () => {
    const home = filesIn({ 'etc/hosts.allow': 'sshd: 10.\n', 'etc/hosts.deny': 'ALL: ALL\n' });
    const wanted = {
      sshd: { enabled: false, only_from: ['10.0.0.0/8'] },
      others: { enabled: false, only_from: [] },
    };
    const both = convertPaths(readHostsAccess, home, ['etc']);
    expect([both.disabledServices, both.codes]).toEqual([wanted, ['hosts_access/no-services']]);
    const one = convertPaths(readHostsAccess, home, ['etc/hosts.allow']);
    expect([one.disabledServices, one.codes.includes('hosts_access/beside')]).toEqual([wanted, true]);
    const alone = convert({ 'hosts.allow': 'sshd: 10.\n' });
    expect(alone.codes).toContain('hosts_access/alone');
  });

  test.each([['rules'], ['hosts.allow', 'other.allow'], ['hosts.allow.deny']])(
    'called %s cannot be told apart',
    (...names) => {
      const found = convert(Object.fromEntries(names.map((name) => [name, 'ALL: ALL\n'])));
      expect(found.codes).toEqual(['hosts_access/which']);
      expect(found.root).toBeUndefined();
    },
  );
});

const GOLDEN = 'test/golden/hosts-corpus';

/** `UPDATE_GOLDEN=1 npx vitest run test/convert/hosts-access/tables.test.ts` writes the summaries anew. */
function compareSummary(slug: string, found: ReturnType<typeof convertPaths>): void {
  const kinds = Object.entries(found.disabledServices).map(
    ([name, service]) => `${name}: ${Object.keys(service).join(', ')}`,
  );
  const lines = found.lines.filter((line) => !/ (comment|blank)$/.test(line));
  const summary = `${[...lines, '', ...found.places, '', ...kinds].join('\n')}\n`;
  const golden = join(GOLDEN, `${slug}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(golden, summary);
  }
  expect(summary).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
}

describe('hosts.allow and hosts.deny from the wild', () => {
  const folders = [...new Set(hostsCorpus().map(({ path }) => dirname(path)))];
  const namesOf = (folder: string) =>
    hostsCorpus()
      .filter(({ path }) => dirname(path) === folder)
      .map(({ path }) => path.slice(folder.length + 1));

  test.each(folders.map((folder) => [folder.split('/').at(-1) ?? '', folder] as const))(
    '%s: each line is accounted for, and there are lists unless there is an error',
    (_, folder) => {
      const names = namesOf(folder);
      const found = convertPaths(readHostsAccess, resolve(folder), names);
      for (const name of names) {
        const text = readFileSync(join(folder, name), 'utf8');
        const count = text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
        const lines = found.accounts
          .filter(({ file }) => file.endsWith(`/${name}`))
          .flatMap(({ line, lastLine }) =>
            Array.from({ length: lastLine - line + 1 }, (_unused, at) => line + at),
          );
        expect(lines).toEqual(Array.from({ length: count }, (_unused, index) => index + 1));
      }
      const hasFault = found.diagnostics.some(
        ({ severity, code }) => severity === 'error' && code !== 'hosts_access/no-services',
      );
      const hasRule = found.accounts.some(({ kind }) => kind === 'disabled' || kind === 'problem');
      expect(Object.keys(found.disabledServices).length > 0).toBe(hasRule && !hasFault);
      compareSummary(folder.split('/').at(-1) ?? '', found);
    },
  );
});
