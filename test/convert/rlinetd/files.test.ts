import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import { Report } from '../../../src/config/report.ts';
import { readRlinetd } from '../../../src/convert/rlinetd/read-rlinetd.ts';
import { scratch } from '../../harness/scratch.ts';
import { convertText, service } from './convert-text.ts';

describe('"defaults"', () => {
  test('is for the services behind it, and each block adds to those before', () => {
    const { services } = convertText(
      `${service('a')}defaults { instances 3; tcpd; nice 5; }\n${service('b')}defaults { user "you"; nice 6; }\n${service('c', 'instances 9;')}service "d" { exec "/bin/cat"; port 5; }`,
    );
    expect(services['a']).toMatchObject({ instances: 40, user: 'me' });
    expect(services['a']).not.toHaveProperty('hosts_access');
    expect(services['b']).toMatchObject({ instances: 3, nice: 5, hosts_access: { daemon: 'b' } });
    expect(services['c']).toMatchObject({ instances: 9, nice: 6, user: 'me' });
    // What a service does is forgotten with each block; what it is stays.
    expect(services['c']).not.toHaveProperty('hosts_access');
    expect(services['d']).toMatchObject({ instances: 3, user: 'you' });
  });

  test('gives way to what a service says itself, with a warning: rlinetd does both', () => {
    const { services, places } = convertText(
      `defaults { nice 5; tcpd "all"; }\n${service('x', 'nice 6;', 'tcpd "x";')}${service('yy', 'log syslog "x";')}`,
    );
    expect(services['x']).toMatchObject({ nice: 6, hosts_access: { daemon: 'x' } });
    expect(services['yy']).toMatchObject({ nice: 5, hosts_access: { daemon: 'all' } });
    expect(places).toEqual(['6:2 rlinetd/set-twice', '7:2 rlinetd/tcpd', '13:13 rlinetd/log-text']);
  });

  test('can switch all of them off, and each service itself on again', () => {
    const { services, disabledServices } = convertText(
      `defaults { enabled no; }\n${service('a')}${service('b', 'enabled yes;')}`,
    );
    expect(Object.keys(services)).toEqual(['b']);
    expect(disabledServices['a']).toMatchObject({ enabled: false, server: '/bin/cat' });
  });

  test('keeps addresses, so that what was for the inside stays there', () => {
    const { services } = convertText(
      `defaults { interface 192.168.1.1, ::1; }\n${service('a')}${service('b', 'interface any;')}`,
    );
    expect(services['a']).toMatchObject({ listen: ['tcp://192.168.1.1:7001', 'tcp://[::1]:7001'] });
    expect(services['b']).toMatchObject({ listen: 'tcp4://*:7001' });
  });
});

describe('"directory"', () => {
  const files = {
    '/d/b': service('b'),
    '/d/a.conf': service('a'),
    '/d/c~': service('c'),
    '/d/d.bak': service('d'),
  };

  test('reads what matches and is not to be ignored, behind the file that names it (S103)', () => {
    const { services } = convertText(
      `directory "/d" "" "(~|\\.bak)$";\ndefaults { instances 7; }\n${service('z')}`,
      { files },
    );
    expect(Object.keys(services)).toEqual(['z', 'b', 'a']);
    expect(services['b']).toMatchObject({ instances: 7 });
    expect(Object.keys(convertText('directory "/d" "conf$";', { files }).services)).toEqual(['a']);
  });

  test('a pattern that is none ends everything, at its place', () => {
    const { root, places } = convertText(`directory "/d" "[a";\n${service('x')}`, { files });
    expect(root).toBeUndefined();
    expect(places).toEqual(['1:16 rlinetd/pattern']);
  });

  test('"defaults" in one of its files is told, since no order is promised there', () => {
    const { services, places } = convertText('directory "/d";', {
      files: { '/d/a': 'defaults { instances 2; }', '/d/b': service('b') },
    });
    expect(services['b']).toMatchObject({ instances: 2 });
    expect(places).toEqual(['/d/a:1:1 rlinetd/order']);
  });
});

describe('files of the machine', () => {
  function read(...paths: readonly string[]): {
    names: readonly string[];
    codes: readonly string[];
    isRead: boolean;
  } {
    const report = new Report({ leavesOut: true });
    const { root } = readRlinetd(paths, { report, budget: newBudget(), ownerUid: process.getuid?.() ?? 0 });
    const services = root?.entries.get('services')?.value;
    return {
      names: services?.kind === 'map' ? [...services.entries.keys()] : [],
      codes: report.diagnostics().map(({ code }) => code),
      isRead: root !== undefined,
    };
  }

  function place(files: Readonly<Record<string, string>>): string {
    const home = scratch('rlinetd');
    mkdirSync(join(home, 'rlinetd.d', 'below'), { recursive: true });
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(home, name), text.replaceAll('@', home), { mode: 0o644 });
    return home;
  }

  test('a directory is read by name, without hidden files, what is below, and what leads nowhere', () => {
    const home = place({
      'rlinetd.conf': 'directory "@/rlinetd.d";',
      'rlinetd.d/b': service('b'),
      'rlinetd.d/a': service('a'),
      'rlinetd.d/.c': 'x',
    });
    symlinkSync('/nonexistent', join(home, 'rlinetd.d', 'z'));
    const { names, codes } = read(join(home, 'rlinetd.conf'));
    expect(names).toEqual(['a', 'b']);
    expect(codes).toEqual(['rlinetd/skipped-file', 'rlinetd/skipped-file']);
    expect(read(join(home, 'rlinetd.d')).names).toEqual(['a', 'b']);
  });

  test('a directory that is not there is an error, and what is in the file itself runs', () => {
    const home = place({ 'rlinetd.conf': `directory "/nonexistent";${service('a')}` });
    expect(read(join(home, 'rlinetd.conf'))).toEqual({
      names: ['a'],
      codes: ['rlinetd/include'],
      isRead: true,
    });
  });

  test('a file that others can write to ends everything (S104)', () => {
    const home = place({
      'rlinetd.conf': `directory "@/rlinetd.d";${service('x')}`,
      'rlinetd.d/a': service('a'),
    });
    chmodSync(join(home, 'rlinetd.d', 'a'), 0o666);
    expect(read(join(home, 'rlinetd.conf'))).toMatchObject({
      isRead: false,
      codes: ['rlinetd/skipped-file', 'config/untrusted-path'],
    });
  });

  test('a file is read once, whoever names it', () => {
    const home = place({
      'rlinetd.conf': 'directory "@/rlinetd.d";directory "@/rlinetd.d" "a";',
      'rlinetd.d/a': service('a'),
    });
    const { names, codes } = read(join(home, 'rlinetd.conf'));
    expect(names).toEqual(['a']);
    expect(codes.filter((code) => code === 'rlinetd/include')).toHaveLength(1);
  });
});

describe('names', () => {
  test('are those of the services, made fit, and told apart', () => {
    const { services, diagnostics } = convertText(`${service('a b')}${service('x')}${service('x')}`);
    expect(Object.keys(services)).toEqual(['a-b', 'x', 'x-2']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['rlinetd/name', 'rlinetd/name']);
  });

  test('no active service is an error', () => {
    expect(convertText('defaults { instances 5; }').places).toEqual([
      'undefined:undefined rlinetd/no-services',
    ]);
    expect(convertText(service('x', 'enabled no;')).diagnostics[0]?.message).toContain('1 is disabled');
  });
});
