import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import { Report } from '../../../src/config/report.ts';
import { readSystemd } from '../../../src/convert/systemd/read-systemd.ts';
import { convertFiles, serviceUnit, socketUnit } from './convert-text.ts';

const PAIR = { '/u/it.socket': socketUnit(), '/u/it@.service': serviceUnit() };

describe('units are found as systemd finds them (promise 6)', () => {
  test('a socket alone brings the service beside it', () => {
    expect(Object.keys(convertFiles(PAIR, { paths: ['/u/it.socket'] }).services)).toEqual(['it']);
  });

  test('drop-ins come behind, by their names, those of the unit before those of its kind', () => {
    const { services } = convertFiles({
      ...{ '/u/a-b.socket': socketUnit(), '/u/a-b@.service': serviceUnit() },
      '/u/a-b.socket.d/20.conf': '[Socket]\nMaxConnections=20\n',
      '/u/a-b.socket.d/10.conf': '[Socket]\nMaxConnections=10\nNoDelay=yes\n',
      '/u/a-.socket.d/30.conf': '[Socket]\nMark=3\n',
      '/u/socket.d/20.conf': '[Socket]\nMaxConnections=99\n',
      '/u/socket.d/40.txt': '[Socket]\nMaxConnections=99\n',
      '/u/a-b@.service.d/x.conf': '[Service]\nUser=me\n',
    });
    expect(services['a-b']).toMatchObject({ instances: 20, no_delay: true, mark: 3, user: 'me' });
  });

  test('the first directory wins', () => {
    const files = { ...PAIR, '/v/it.socket': socketUnit('ListenStream=1'), '/v/it@.service': serviceUnit() };
    const { services, codes } = convertFiles(files, { paths: ['/v', '/u'] });
    expect(services['it']).toMatchObject({ listen: 'tcp46://[::]:1' });
    expect(codes).toEqual(['skipped-file']);
  });

  test('a link of "systemctl enable" leads to the service as well, and one of "mask" to nothing', () => {
    const files = { ...PAIR, '/w/it.socket': '->/u/it.socket', '/w/no.socket': '->/dev/null' };
    const { services, codes } = convertFiles(files, { paths: ['/w'] });
    expect(Object.keys(services)).toEqual(['it']);
    expect(codes).toEqual(['masked']);
  });

  test('an instance is of its template, for the socket and for the service', () => {
    const files = {
      '/u/it@eth0.socket': socketUnit('Accept=no', 'BindToDevice=%i'),
      '/u/it@.service': serviceUnit('ExecStart=/bin/echo %i %I %n'),
    };
    const { services, codes } = convertFiles(files);
    expect(services['it-eth0']).toMatchObject({
      ...{ bind_to_device: 'eth0', server_args: ['eth0', 'eth0', 'it@eth0.service'] },
    });
    expect(codes).toEqual(['name']);
    expect(convertFiles({ '/u/it@.socket': socketUnit() }).codes).toEqual(['not-supported']);
  });

  test('a service of two socket units is two programs, which is said', () => {
    const shared = socketUnit('Accept=no', 'Service=b.service');
    const files = {
      '/u/a.socket': shared,
      '/u/b.socket': shared,
      '/u/b.service': serviceUnit('StandardInput=null'),
    };
    const { services, places } = convertFiles(files);
    expect(Object.keys(services)).toEqual(['a', 'b']);
    expect(places).toEqual(['b.socket:1:1 several-sockets']);
  });

  test('Service= names another', () => {
    const files = {
      '/u/a.socket': socketUnit('Accept=no', 'Service=b.service'),
      '/u/b.service': serviceUnit(),
    };
    expect(Object.keys(convertFiles(files).services)).toEqual(['a']);
  });

  test.each([
    [{ '/u/it.socket': socketUnit() }, ['/u'], ['no-service']],
    [{ '/u/it.socket': socketUnit('Accept=no'), '/u/it@.service': serviceUnit() }, ['/u'], ['no-service']],
    [{ '/u/it.service': serviceUnit() }, ['/u/it.service'], ['unused-service', 'no-sockets']],
    [{ '/u/x.timer': '' }, ['/u'], ['skipped-file', 'no-sockets']],
    [{ '/u/x.timer': '' }, ['/u/x.timer'], ['skipped-file', 'no-sockets']],
  ])('%j: what is not there is told', (files, paths, codes) => {
    expect(convertFiles(files as Record<string, string>, { paths }).codes.toSorted()).toEqual(
      codes.toSorted(),
    );
  });
});

const home = mkdtempSync(join(inject('testHome'), 'systemd-'));

function write(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(home, 'case-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), text, { mode: 0o644 });
  }
  return directory;
}

function read(path: string): { names: readonly string[]; codes: readonly string[] } {
  const report = new Report({ leavesOut: true });
  const { root } = readSystemd([path], { report, ownerUid: process.getuid?.() ?? 0, budget: newBudget() });
  const services = root?.entries.get('services')?.value;
  return {
    names: services?.kind === 'map' ? [...services.entries.keys()] : [],
    codes: report.diagnostics().map(({ code }) => code),
  };
}

describe('units that others could change (S104)', () => {
  const FILES = { 'it.socket': socketUnit(), 'it@.service': serviceUnit() };

  test('are read from a directory of this machine, links among them', () => {
    const units = write(FILES);
    const enabled = write({});
    symlinkSync(join(units, 'it.socket'), join(enabled, 'it.socket'));
    symlinkSync('/dev/null', join(enabled, 'no.socket'));
    expect(read(units)).toEqual({ names: ['it'], codes: [] });
    expect(read(enabled)).toEqual({ names: ['it'], codes: ['systemd/masked'] });
  });

  test.each(['it.socket', 'it@.service', 'it.socket.d/x.conf', 'it.socket.d'])('are refused: %s', (name) => {
    const units = write({ ...FILES, 'it.socket.d/x.conf': '[Socket]\nMaxConnections=1\n' });
    chmodSync(join(units, name), 0o777);
    const { names, codes } = read(units);
    expect(names).toEqual([]);
    expect(codes).toContain('config/untrusted-path');
  });
});
