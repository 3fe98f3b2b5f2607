import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { commandLineOf } from '../harness/processes.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { countFailures } from '../harness/summed-records.ts';
import { until } from '../harness/until.ts';
import { armedOf } from './armed-of.ts';
import { maskProbe, type ProbeReport } from './probe-report.ts';

const listen = 'tcp://127.0.0.1:0';
const extended = { listen, mode: 'extended', user: 'nobody' };
const SANDBOXES: Readonly<Record<string, object>> = {
  'the defaults': {},
  'a filter that waits with it': { system_calls: ['@system-service'] },
  'a filter that it could not wait with': { system_calls: ['~recvmsg'] },
  'views and namespaces': { protect_system: 'strict', private_network: true, private_pids: true },
  'nobody to read its standard error': { stderr: 'none' },
  'its client as standard error': { stderr: 'socket' },
};

/** Asks until somebody waits for the next one. */
async function makeBusy(zinetd: Zinetd): Promise<readonly number[]> {
  const port = zinetd.port('it');
  for (let count = 0; count < 1000; count++) {
    await ask(port);
    const armed = armedOf(zinetd.pid);
    if (armed.length > 0) return armed;
  }
  throw new Error('Nobody waits for a connection, whatever was asked');
}

function masked(answer: string, zinetd: Zinetd): string {
  const report = JSON.parse(answer) as ProbeReport;
  return maskProbe(report, { spawnerPid: zinetd.pid, rlimits: [] }).replaceAll(/pipe:\[\d+\]/g, 'a pipe');
}

describeWith(
  'handlers of a service that is busy are there ahead of the connection (decision 24)',
  { needs: ['root'] },
  () => {
    test.each(Object.keys(SANDBOXES))('and have what the first one had: %s (B9, promise 2)', async (name) => {
      const it = { ...extended, ...SANDBOXES[name], server: handler('probe'), peer_env: [] };
      const zinetd = await startZinetd({ config: { services: { it } } });
      const first = masked(await ask(zinetd.port('it')), zinetd);
      const [armed = 0] = await makeBusy(zinetd);
      const answers = [];
      while (armedOf(zinetd.pid).includes(armed)) answers.push(await ask(zinetd.port('it')));
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(masked(answer, zinetd)).toBe(first);
      await zinetd.event((record) => record.event === 'exited' && record['pid'] === armed);
    });

    test('and as long as it is busy: nothing is left of them soon after (B1, promise 5)', async () => {
      const zinetd = await startZinetd({
        config: { services: { it: { ...extended, server: handler('echo') } } },
      });
      await makeBusy(zinetd);
      await until(() => armedOf(zinetd.pid).length === 0, { what: 'those that wait are gone' });
      await zinetd.checkBars();
      expect(await ask(zinetd.port('it'), 'again')).toBe('again');
    });

    test('none of them is of before a reload (promise 4)', async () => {
      const services = (umask: string) => ({ it: { ...extended, umask, server: handler('probe') } });
      const file = new ServicesFile(services('022'));
      const zinetd = await startZinetd({ config: file.config });
      for (const umask of ['027', '077', '002']) {
        const before = await makeBusy(zinetd);
        file.write(services(umask));
        zinetd.signal('SIGHUP');
        await zinetd.event('reloaded');
        const report = JSON.parse(await ask(zinetd.port('it'))) as ProbeReport;
        expect(report.umask).toBe(Number.parseInt(umask, 8));
        expect(before).not.toContain(report.pid);
      }
    });

    test('who kills one that waits keeps nobody from being served (S9, F4)', async () => {
      const zinetd = await startZinetd({
        config: { services: { it: { ...extended, server: handler('echo') } } },
      });
      const killed = await makeBusy(zinetd);
      for (const pid of killed) process.kill(pid, 'SIGKILL');
      // Not zombies either: zinetd knows of it then.
      const areReaped = (): boolean => killed.every((pid) => !existsSync(`/proc/${pid}`));
      await until(areReaped, { what: 'those that were killed are gone' });
      for (let count = 0; count < 40; count++) expect(await ask(zinetd.port('it'), 'alive')).toBe('alive');
      expect(zinetd.log.count('failed')).toBe(0);
    });

    test('who stops those that wait holds up one client for a second, and nobody after that (S89)', async () => {
      const zinetd = await startZinetd({
        config: { services: { it: { ...extended, server: handler('echo') } } },
      });
      for (const pid of await makeBusy(zinetd)) process.kill(pid, 'SIGSTOP');
      expect(await ask(zinetd.port('it'), 'x')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ step: 'dup', error: 'ETIMEDOUT' });
      for (let count = 0; count < 40; count++) expect(await ask(zinetd.port('it'), 'alive')).toBe('alive');
      expect(zinetd.log.count('failed')).toBe(1);
    });

    test('none is there where those that wait would take up what is limited', async () => {
      const own = { ...extended, server: handler('echo'), rlimits: { nproc: 100 } };
      const zinetd = await startZinetd({ config: { services: { own } } });
      for (let count = 0; count < 200; count++) {
        await ask(zinetd.port('own'), 'x');
        expect(armedOf(zinetd.pid)).toEqual([]);
      }
    });

    test('they are gone with a spawner that is killed (F9), and with one that stops', async () => {
      const config = { services: { it: { ...extended, server: handler('echo') } } };
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        const zinetd = await startZinetd({ config });
        const armed = await makeBusy(zinetd);
        zinetd.signal(signal);
        await zinetd.ended;
        await until(() => armed.every((pid) => commandLineOf(pid).length === 0), {
          what: 'nobody waits any more',
        });
      }
    });

    test('a call of theirs that fails is told of when a connection comes, as of others (S22)', async () => {
      const zinetd = await startZinetd({
        config: { services: { it: { ...extended, server: handler('echo') } } },
      });
      const strace = await attachStrace(zinetd.pid, [
        '-f',
        '-e',
        'inject=landlock_restrict_self:error=EPERM',
      ]);
      for (let count = 0; count < 100; count++) expect(await ask(zinetd.port('it'), 'x')).toBe('');
      await strace.detach();
      expect(zinetd.log.count('started')).toBe(0);
      await until(() => countFailures(zinetd.log) === 100, {
        what: 'each was told of',
        timeoutMs: 20_000,
      });
      expect(await ask(zinetd.port('it'), 'x')).toBe('x');
    });
  },
);
