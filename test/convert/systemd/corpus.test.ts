import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import type { ForeignFile } from '../../../src/config/read.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { validateDocument } from '../../../src/config/validate.ts';
import { convertUnits } from '../../../src/convert/systemd/convert-units.ts';
import { type Disk, machineDisk } from '../../../src/convert/systemd/disk.ts';
import { runZinetd } from '../../cli/run-zinetd.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { systemdCorpus } from '../../harness/systemd-corpus.ts';

const GOLDEN = 'test/golden/systemd-corpus';

/** Sockets that nothing comes of, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'debian-sane-utils': 'NOTES 2: no StandardInput=socket',
  'eshkrab-edison_conf': 'NOTES 1: no service beside it',
  'gophernicus-gophernicus': 'its service is a template of a build',
  'metzenseifner-arch': 'NOTES 1: no service beside it',
  'openmandrivaassociation-sane': 'its service is a template of a build',
  'polkit-org-polkit': 'its service is a template of a build',
};

/** Environment files of a machine on which all of these are installed; nothing else is read but the corpus. */
const VARIABLES: Readonly<Record<string, string>> = {
  '/etc/default/atftpd': 'OPTIONS="--tftpd-timeout 300 /srv/tftp"\n',
  '/etc/sysconfig/rsyncd': 'OPTIONS=\n',
};

/** What a build puts in for its words. */
const TOKENS: Readonly<Record<string, string>> = {
  '@BINARY@': '/usr/sbin/gophernicus',
  '@DEFAULT@': '/etc/default',
  '@SYSCONFIG@': '/etc/sysconfig',
  '@libprivdir@': '/usr/lib/polkit-1',
};

function built(file: ForeignFile | undefined): ForeignFile | undefined {
  if (!file) return undefined;
  const { name, text } = file.source;
  return {
    ...file,
    source: makeSource(
      name,
      text.replace(/@\w+@/g, (token) => TOKENS[token] ?? token),
    ),
  };
}

function corpusDisk(disk: Disk, isBuilt: boolean): Disk {
  return {
    ...disk,
    kindOf: (path) => {
      if (!path.startsWith('/etc/')) return disk.kindOf(path);
      return Object.hasOwn(VARIABLES, path) ? 'file' : undefined;
    },
    read: (path, at) => {
      const text = VARIABLES[path];
      if (text === undefined) return isBuilt ? built(disk.read(path, at)) : disk.read(path, at);
      return { path, source: makeSource(path, text), isUtf8: true };
    },
  };
}

type Values = Readonly<Record<string, unknown>>;

interface Loaded {
  readonly accounts: readonly LineAccount[];
  readonly services: Readonly<Record<string, Values>>;
  readonly codes: readonly string[];
}

/** What an entry converts to: nothing of this hangs on the machine. */
function load(folder: string, isBuilt = false): Loaded {
  const report = new Report({ leavesOut: true });
  const context = { report, budget: newBudget(), ownerUid: process.getuid?.() ?? 0 };
  const { root, accounts } = convertUnits([folder], {
    ...context,
    disk: corpusDisk(machineDisk(context), isBuilt),
  });
  if (root) validateDocument(root, { report, role: 'main' });
  const services = root?.entries.get('services')?.value;
  const codes = report.diagnostics().map(({ span, code }) => {
    return `${relative(folder, span.file) || '.'}:${span.range?.line ?? '-'} ${code}`;
  });
  return { accounts, codes, services: services ? (plainValue(services) as Loaded['services']) : {} };
}

/** Summaries name no path that a machine may have. */
function withoutHome(text: string): string {
  return text.replace(/\/home\/([^/"]+)\//g, '~$1:');
}

function summary(folder: string, { accounts, services, codes }: Loaded): string {
  const seen = accounts.filter(({ kind }) => kind !== 'blank' && kind !== 'comment');
  const lines = seen.map(({ file, line, lastLine, kind, name = '' }) =>
    `${relative(folder, file)}:${line}-${lastLine} ${kind} ${name}`.trimEnd(),
  );
  const values = Object.entries(services).flatMap(([name, service]) =>
    Object.entries(service).map(([key, value]) => `${name}.${key}: ${withoutHome(JSON.stringify(value))}`),
  );
  return `${[...lines, '', ...values, '', ...codes].join('\n')}\n`;
}

describeWith('units of systemd from the wild', { needs: ['the corpus of systemd units'] }, () => {
  const corpus = systemdCorpus();

  test('are 26 entries, each with a summary', () => {
    expect(corpus).toHaveLength(26);
    if (process.env['UPDATE_GOLDEN'] === '1') mkdirSync(GOLDEN, { recursive: true });
    else expect(readdirSync(GOLDEN).sort()).toEqual(corpus.map(({ slug }) => `${slug}.txt`).sort());
  });

  /** `UPDATE_GOLDEN=1 npx vitest run test/convert/systemd/corpus.test.ts` writes the summaries anew. */
  for (const { slug, folder, sockets } of corpus) {
    const why = LEFT_OUT[slug];
    const count = why === undefined ? sockets.length : 0;

    test(`${slug}: ${count} services${why === undefined ? '' : ` (${why})`}`, () => {
      const loaded = load(folder);
      const golden = join(GOLDEN, `${slug}.txt`);
      const text = summary(folder, loaded);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
      expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
      expect(Object.keys(loaded.services)).toHaveLength(count);
      expect(loaded.codes.filter((code) => code.includes('config/invalid'))).toEqual([]);
    });

    test(`${slug}: each line of each file is accounted for (promise 6)`, () => {
      const { accounts } = load(folder);
      const files = new Set(accounts.map(({ file }) => file));
      const found = readdirSync(folder).map((file) => join(folder, file));
      expect(found.filter((file) => !files.has(file))).toEqual([]);
      for (const file of files) {
        const text = readFileSync(file, 'utf8');
        const lines = accounts
          .filter((account) => account.file === file)
          .flatMap(({ line, lastLine }) =>
            Array.from({ length: lastLine - line + 1 }, (_, index) => line + index),
          );
        const all = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
        expect(lines).toEqual(Array.from({ length: all }, (_, index) => index + 1));
      }
    });
  }

  test('templates of a build are services once they are built, with all of their sandbox', () => {
    const folderOf = (slug: string): string => corpus.find((each) => each.slug === slug)?.folder ?? '';
    const gopher = load(folderOf('gophernicus-gophernicus'), true);
    expect(gopher.services['gophernicus']).toMatchObject({ server: '/usr/sbin/gophernicus', user: 'nobody' });
    const { services, codes } = load(folderOf('polkit-org-polkit'), true);
    expect(services['polkit-agent-helper']).toMatchObject({
      ...{
        listen: 'unix:///run/polkit/agent-helper.socket',
        socket_mode: '0666',
        stderr: 'log',
        umask: '077',
      },
      ...{ server: '/usr/lib/polkit-1/polkit-agent-helper-1', server_args: ['--socket-activated'] },
      ...{ protect_system: 'strict', protect_home: true, private_tmp: true, private_network: true },
      ...{ no_new_privileges: true, lock_personality: true, memory_deny_write_execute: true },
      ...{ restrict_address_families: ['AF_UNIX'], restrict_namespaces: true, restrict_realtime: true },
      ...{ restrict_suid_sgid: true, rlimits: { memlock: 0 }, system_call_error: 'kill' },
      system_calls: expect.arrayContaining(['@system-service', '~@clock:EPERM', '~@module:EPERM']),
      read_only_paths: expect.arrayContaining(['/proc/sys', '/sys/fs/cgroup']),
    });
    const lost = codes.filter((code) => code.endsWith('systemd/no-counterpart'));
    expect(lost.map((code) => code.split(/[: ]/)[1])).toEqual(['7', '17']);
  });

  test.each(['debian-tang', 'xcat2-xcat-core-xcat-genesis-discovery', 'polkit-org-polkit'])(
    'check --format systemd takes %s as it is, and every place is in one of its files',
    (slug) => {
      const folder = corpus.find((each) => each.slug === slug)?.folder ?? '';
      const { code, stderr, stdout } = runZinetd(['check', '--format', 'systemd', '-c', folder, '--json']);
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { file: string; line?: number }[] };
      expect(diagnostics.length).toBeGreaterThan(0);
      for (const { file, line = 1 } of diagnostics) {
        expect(line).toBeLessThanOrEqual(readFileSync(file, 'utf8').split('\n').length);
      }
    },
  );
});
