import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runZinetd } from '../cli/run-zinetd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { Visitors } from '../harness/visitors.ts';
import type { ProbeReport } from './probe-report.ts';

/** Both tables and a banner for the daemon `in.probe`, as files of a directory. */
function tables(options: { readonly allow?: string; readonly deny?: string }): {
  allow: string;
  deny: string;
} {
  const directory = scratch('hosts');
  mkdirSync(join(directory, 'banners'));
  writeFileSync(join(directory, 'banners', 'in.probe'), 'Grüße, %a: this is %d, 100%%\nfor you\n');
  const paths = { allow: join(directory, 'hosts.allow'), deny: join(directory, 'hosts.deny') };
  for (const table of ['allow', 'deny'] as const) {
    const text = options[table]?.replaceAll('BANNERS', join(directory, 'banners'));
    if (text !== undefined) writeFileSync(paths[table], text);
  }
  return paths;
}

const PROBE = {
  listen: 'tcp://127.0.0.1:0',
  server: handler('probe'),
  argv0: '/usr/sbin/in.probe',
  user: 'nobody',
};

const BANNER = 'Grüße, ADDRESS: this is in.probe, 100%\r\nfor you\r\n';

function bannerFor(address: string): string {
  // The visitors read bytes.
  return Buffer.from(BANNER.replace('ADDRESS', address)).toString('latin1');
}

async function startProbe(hosts: object): Promise<Zinetd> {
  return startZinetd({ config: { services: { probe: { ...PROBE, hosts_access: hosts } } } });
}

function visitsTo(zinetd: Zinetd): (from: string) => Promise<string> {
  const visitors = new Visitors();
  return async (from) => {
    const [got = ''] = await visitors.visit({ from, to: '127.0.0.1', port: zinetd.port('probe') });
    return got;
  };
}

describeWith('rules of tcp_wrappers', { needs: ['root'] }, () => {
  const ALLOW = [
    'in.probe: 127.1.: setenv GREETING hello from %d: umask 027: nice 5',
    'in.probe: 127.2.: user daemon',
    'in.probe: 127.3.: banners BANNERS',
    'in.other: 127.4.',
    'ALL: 127.5. EXCEPT 127.5.6.',
    '',
  ].join('\n');
  const DENY = 'in.probe: 127.6.: banners BANNERS\nALL: 127.7.: allow\nALL: ALL\n';

  test('make a form of the service: environment, umask, nice and user as the rule says', async () => {
    const visit = visitsTo(await startProbe(tables({ allow: ALLOW, deny: DENY })));
    const report = async (from: string) => JSON.parse(await visit(from)) as ProbeReport;
    const plain = await report('127.5.0.1');
    expect(plain).toMatchObject({ environ: [], umask: 0o22, nice: 0, uids: [65534, 65534, 65534, 65534] });
    expect(await report('127.1.0.1')).toMatchObject({
      environ: ['GREETING=hello from in.probe'],
      ...{ umask: 0o27, nice: 5, uids: plain.uids },
    });
    expect(await report('127.2.0.1')).toMatchObject({
      ...{ environ: [], umask: 0o22, nice: 0 },
      ...{ uids: [1, 1, 1, 1], gids: [1, 1, 1, 1], groups: [] },
    });
    // The form before does not stick to the service.
    expect(await report('127.5.0.1')).toMatchObject({ environ: [], umask: 0o22, uids: plain.uids });
  });

  test('send their banner before the handler, and to those who are refused', async () => {
    const zinetd = await startProbe(tables({ allow: ALLOW, deny: DENY }));
    const visit = visitsTo(zinetd);
    const [served, refused] = [await visit('127.3.0.1'), await visit('127.6.0.1')];
    expect(served.startsWith(bannerFor('127.3.0.1'))).toBe(true);
    expect(JSON.parse(served.slice(bannerFor('127.3.0.1').length))).toMatchObject({ environ: [] });
    expect(refused).toBe(bannerFor('127.6.0.1'));
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'libwrap',
      check: {
        name: 'hosts_access',
        rule: { text: expect.stringMatching(/^in\.probe: 127\.6\.:/), line: 1 },
      },
    });
  });

  test('grant and refuse as tcp_wrappers does, and the record names the rule', async () => {
    const paths = tables({ allow: ALLOW, deny: DENY });
    const zinetd = await startProbe(paths);
    const visit = visitsTo(zinetd);
    expect((await visit('127.7.0.1')).startsWith('{')).toBe(true);
    for (const from of ['127.4.0.1', '127.5.6.1', '127.8.0.1']) {
      expect((await visit(from)).startsWith('{'), from).toBe(false);
      expect(await zinetd.event('refused')).toMatchObject({
        peer: { address: from },
        check: { rule: { text: 'ALL: ALL', file: paths.deny, line: 3 } },
      });
    }
  });

  test.each([
    [{ allow: 'ALL: 127.1.\n' }, '127.2.0.1', true],
    [{ deny: 'ALL: ALL EXCEPT 127.1.\n' }, '127.2.0.1', false],
    [{ deny: 'ALL: ALL EXCEPT 127.1.\n' }, '127.1.0.1', true],
    [{}, '127.1.0.1', true],
  ])('%j, the other file missing: %s is served: %s (S44)', async (written, from, isServed) => {
    const visit = visitsTo(await startProbe(tables(written)));
    expect((await visit(from)).startsWith('{')).toBe(isServed);
  });

  test.each(['spawn', 'twist'])('that want to %s are refused at check, with their place (S56)', (option) => {
    const paths = tables({ allow: `# mail\nALL: 127.1.\nALL: .example: ${option} /bin/mail %c: allow\n` });
    const directory = scratch('check');
    const config = join(directory, 'zinetd.json');
    writeFileSync(
      config,
      JSON.stringify({ version: 1, services: { probe: { ...PROBE, hosts_access: paths } } }),
    );
    const { code, stdout } = runZinetd(['check', '-c', config, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      diagnostics: [{ code: `hosts/${option}`, file: paths.allow, line: 3 }],
    });
  });
});
