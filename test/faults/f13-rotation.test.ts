import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { program } from '../harness/program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { record } from './record.ts';
import { scaled } from './scale.ts';

const run = promisify(execFile);
const ROTATIONS = scaled({ short: 20, long: 100 });
const LOAD = {
  ...{ inFlight: 20, seconds: scaled({ short: 8, long: 75 }) },
  perSecond: scaled({ short: 200, long: 500 }),
};
/** Each connection from an address of its own, which is its number. */
const NUMBERED = { first: '127.80.0.1', count: 60_000 };
const MINUTES_MS = scaled({ short: 120_000, long: 600_000 });
const START = /^\d\d\/\d+\/\d+@\d\d:\d\d:\d\d: START: it pid=\d+ from=(127\.[\d.]+)$/;
const EXIT = /^\d\d\/\d+\/\d+@\d\d:\d\d:\d\d: EXIT: it status=0 pid=(\d+) duration=\d+\(sec\)$/;

function tell(figure: string, value: number | string, bar: string): void {
  record({ fault: 'F13', figure, value, bar });
}

interface Rotated {
  readonly directory: string;
  readonly zinetd: Zinetd;
  rotate(): Promise<void>;
}

async function startRotated(how: readonly string[]): Promise<Rotated> {
  const directory = scratch('logrotate');
  const path = join(directory, 'log');
  const user = isRoot ? { user: 'nobody' } : {};
  const it = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), instances: 500, ...user };
  const services = { it: { ...it, log_format: 'text', log_type: { file: path } } };
  writeFileSync(join(directory, 'it.yaml'), JSON.stringify({ services }), { mode: 0o644 });
  const config = JSON.stringify({ version: 1, include: [join(directory, 'it.yaml')] });
  const zinetd = await startZinetd({ config, lossy: true });
  await until(() => readdirSync(directory).includes('log'), { what: 'the log is open' });
  await zinetd.settled();
  const configuration = join(directory, 'logrotate.conf');
  const lines = ['rotate 100', 'nocompress', ...how.map((line) => line.replace('PID', String(zinetd.pid)))];
  writeFileSync(configuration, `${path} {\n${lines.join('\n')}\n}\n`, { mode: 0o644 });
  const args = ['-f', '-s', join(directory, 'state'), configuration];
  return { directory, zinetd, rotate: async () => void (await run(program('logrotate') ?? '', args)) };
}

/** All lines of all files, the oldest first. */
function linesOf(directory: string): readonly string[] {
  const age = (name: string): number => Number(name.split('.')[1] ?? 0);
  const names = readdirSync(directory).filter((name) => /^log(\.\d+)?$/.test(name));
  const files = names.toSorted((left, right) => age(right) - age(left));
  return files.flatMap((name) => {
    const text = readFileSync(join(directory, name), 'latin1');
    expect(text === '' || text.endsWith('\n'), `${name} ends with a line`).toBe(true);
    return text.split('\n').slice(0, -1);
  });
}

function matches(lines: readonly string[], pattern: RegExp): readonly string[] {
  return lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
}

function isRecord(line: string): boolean {
  return START.test(line) || EXIT.test(line);
}

describeWith('logrotate', { needs: [{ program: 'logrotate' }] }, () => {
  test(
    `that renames and sends HUP ${ROTATIONS} times at ${LOAD.perSecond} connections a second costs, doubles and tears no record (F13)`,
    async () => {
      const how = ['create', 'postrotate', 'kill -HUP PID', 'endscript'];
      const { directory, zinetd, rotate } = await startRotated(how);
      const load = loadgen(zinetd.port('it'), { ...LOAD, sources: NUMBERED });
      for (let times = 0; times < ROTATIONS; times++) {
        await rotate();
        await zinetd.event('reloaded');
      }
      const { total, errors } = await load;
      expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 });
      await zinetd.checkBars();
      await zinetd.stop();
      const lines = linesOf(directory);
      expect(lines.filter((line) => !isRecord(line))).toEqual([]);
      const clients = matches(lines, START);
      expect(clients).toHaveLength(total);
      expect(new Set(clients).size).toBe(total);
      expect(matches(lines, EXIT)).toHaveLength(total);
      expect(zinetd.log.count('log-failed')).toBe(0);
      const filled = readdirSync(directory).filter(
        (name) => /^log\.\d+$/.test(name) && statSync(join(directory, name)).size > 0,
      );
      expect(filled.length).toBeGreaterThan(ROTATIONS / 2);
      tell('rename and HUP: rotations', ROTATIONS, '100');
      tell('rename and HUP: records', 2 * total, `of ${LOAD.perSecond} connections a second`);
      tell('rename and HUP: lost, doubled, torn', '0, 0, 0', '0, 0, 0');
    },
    MINUTES_MS,
  );

  test(
    'that copies and truncates doubles and tears no record, and what comes after it is there (F13)',
    async () => {
      const { directory, zinetd, rotate } = await startRotated(['copytruncate']);
      const load = loadgen(zinetd.port('it'), {
        ...LOAD,
        seconds: scaled({ short: 5, long: 40 }),
        sources: NUMBERED,
      });
      for (let times = 0; times < ROTATIONS; times++) await rotate();
      const { total } = await load;
      await rotate();
      for (let times = 0; times < 10; times++) await ask(zinetd.port('it'), '');
      await zinetd.stop();
      const lines = linesOf(directory);
      expect(lines.filter((line) => !isRecord(line))).toEqual([]);
      const clients = matches(lines, START).filter((address) => address !== '127.0.0.1');
      expect(new Set(clients).size).toBe(clients.length);
      // What is written between the copy and the truncation is gone, as its manual says.
      expect(clients.length).toBeGreaterThan(0.8 * total);
      tell('copytruncate: doubled, torn', '0, 0', '0, 0');
      tell(
        'copytruncate: lost by logrotate between copy and truncation',
        total - clients.length,
        'as its manual says',
      );
      const last = matches(readFileSync(join(directory, 'log'), 'latin1').split('\n'), START);
      expect(last.filter((address) => address === '127.0.0.1')).toHaveLength(10);
    },
    MINUTES_MS,
  );

  test('is answered by a new file when the configuration is not valid at that moment', async () => {
    const { directory, zinetd, rotate } = await startRotated([
      'create',
      'postrotate',
      'kill -HUP PID',
      'endscript',
    ]);
    writeFileSync(join(directory, 'it.yaml'), 'services: [');
    await rotate();
    await zinetd.event('reload-failed');
    const fresh = () => readFileSync(join(directory, 'log'), 'latin1');
    // The next record may still go to the old one.
    for (let tries = 0; fresh() === '' && tries < 100; tries++) await ask(zinetd.port('it'), '');
    expect(fresh()).toMatch(/START: it/);
  });
});
