import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { layer } from '../harness/layer.ts';
import { openPlace } from '../harness/open-place.ts';
import { UNPACKED } from '../harness/prepare-packages.ts';
import { statusOf } from '../harness/processes.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { systemdLibraries } from '../harness/systemd-libraries.ts';

const UNITS = resolve('examples/systemd');
const SERVICE = join(UNITS, 'zinetd.service');
/** What docs/how-to/run-under-systemd.md says: 0 is no exposure, 10 is all. */
const MOST_EXPOSURE = 3.3;

/** Of the package, where it was only unpacked: its library, and the units that ours name. */
function systemdEnvironment(): Readonly<Record<string, string>> {
  const units = [UNITS, resolve(UNPACKED, 'lib/systemd/system'), '/lib/systemd/system'];
  return { LD_LIBRARY_PATH: systemdLibraries(), SYSTEMD_UNIT_PATH: units.join(':'), SYSTEMD_COLORS: '0' };
}

/** The values of a setting of the service unit, one after the other. */
function settingsOf(name: string): string {
  const text = readFileSync(SERVICE, 'utf8');
  return Array.from(text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm')), ([, value = '']) => value).join(' ');
}

describeWith('the units for systemd', { needs: ['overlays', { program: 'systemd-analyze' }] }, () => {
  test('pass "systemd-analyze verify", where zinetd is installed', async () => {
    const installed = layer({ '/usr/bin/zinetd': { script: '#!/bin/sh\n' } });
    const { enter } = await openPlace({ over: [installed] });
    const units = ['zinetd.service', 'zinetd.socket'].map((name) => join(UNITS, name));
    const analyze = [...enter, program('systemd-analyze') ?? '', 'verify', '--man=no'];
    const env = systemdEnvironment();
    expect(await runProgram([...analyze, ...units], { env })).toEqual({ status: 0, stdout: '', stderr: '' });
    const wrong = layer({
      '/usr/bin/zinetd': { script: '#!/bin/sh\n' },
      '/etc/wrong/zinetd.service': readFileSync(SERVICE, 'utf8').replace('KillMode=mixed', 'KillMode=all'),
    });
    const there = await openPlace({ over: [wrong] });
    const again = [...there.enter, ...analyze.slice(enter.length), '/etc/wrong/zinetd.service'];
    expect((await runProgram(again, { env })).stderr).toContain('Failed to parse kill mode');
  });

  test(`leave zinetd exposed by ${MOST_EXPOSURE} of 10, as the documents say`, async () => {
    const analyze = [program('systemd-analyze') ?? '', 'security', '--offline=true', '--no-pager'];
    const { stdout } = await runProgram([...analyze, SERVICE], { env: systemdEnvironment() });
    const exposure = Number(/Overall exposure level for zinetd\.service: ([0-9.]+)/.exec(stdout)?.[1]);
    expect(exposure).toBeLessThanOrEqual(MOST_EXPOSURE);
    const page = readFileSync('docs/how-to/run-under-systemd.md', 'utf8');
    expect(page).toContain(`exposure level ${MOST_EXPOSURE}`);
  });
});

/** Capabilities by their numbers, as /proc has them. */
const NUMBERS: Readonly<Record<string, number>> = {
  ...{ CAP_CHOWN: 0, CAP_DAC_READ_SEARCH: 2, CAP_KILL: 5, CAP_SETGID: 6, CAP_SETUID: 7, CAP_SETPCAP: 8 },
  ...{ CAP_NET_BIND_SERVICE: 10, CAP_SYS_NICE: 23, CAP_SYS_RESOURCE: 24 },
};

describeWith('the capabilities that the unit leaves', { needs: ['root', { program: 'setpriv' }] }, () => {
  test('are enough for a handler of another user, with its nice and rlimits, and for its end', async () => {
    const names = settingsOf('CapabilityBoundingSet').split(' ');
    const mask = names.reduce((sum, name) => sum | (1n << BigInt(NUMBERS[name] ?? 0)), 0n);
    const wanted = names.map((name) => `+${name.slice('CAP_'.length).toLowerCase()}`);
    const prefix = ['setpriv', `--bounding-set=-all,${wanted.join(',')}`, '--'];
    const it = { listen: 'tcp://127.0.0.1:0', server: handler('sleeper'), user: 'nobody', nice: -5 };
    const zinetd = await startZinetd({
      prefix,
      config: { services: { it } },
      args: ['--grace', '100ms'],
    });
    const own = BigInt(`0x${statusOf(process.pid, 'CapBnd')}`);
    expect(BigInt(`0x${statusOf(zinetd.pid, 'CapBnd')}`)).toBe(mask & own);
    const client = await connect(zinetd.port('it'));
    const pid = Number(await client.readUntil('\n'));
    expect(statusOf(pid, 'CapEff')).toBe('0000000000000000');
    expect(execFileSync('ps', ['-o', 'ni=,user=', '-p', String(pid)], { encoding: 'utf8' }).trim()).toMatch(
      /^-5 nobody$/,
    );
    await zinetd.stop();
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', killed: 1 });
  });
});
