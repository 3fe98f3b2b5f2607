import { describe, expect, inject, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startWorker } from '../harness/pool-stand-in.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { installed } from './serving.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';

/** A program, and its arguments. */
const EXAMPLES: Readonly<Record<string, () => readonly [string, ...(readonly string[])]>> = {
  'TypeScript or JavaScript': () => [inject('openNode'), installed('examples/pool/whoami.mjs')],
  Python: () => ['/usr/bin/python3', installed('examples/pool/whoami.py')],
  C: () => [handler('whoami')],
};

function line(address: string, client: number, pid: number | undefined): string {
  return `You are ${address}, client ${client} of process ${pid}\n`;
}

describe.each(Object.keys(EXAMPLES))('the example of a handler that lives on, in %s,', (language) => {
  const [server, ...server_args] = EXAMPLES[language]?.() ?? [''];
  const start = (attributes: object) => {
    const it = { ...user, listen, server, server_args, ...attributes };
    return startZinetd({ config: { services: { it } }, args: ['--grace', '100ms'] });
  };

  test.each(['inetd', 'extended'])('serves one client in mode %s, and ends', async (mode) => {
    const zinetd = await start({ mode });
    const answer = await ask(zinetd.port('it'));
    expect(answer).toBe(line('127.0.0.1', 1, (await zinetd.event('started')).pid));
    expect(await zinetd.event('exited')).toMatchObject({ status: 0 });
  });

  test.each(['inetd', 'extended'])(
    'serves one client after the other with "wait" in mode %s',
    async (mode) => {
      const zinetd = await start({ mode, wait: true });
      const answers = [1, 2].map(() => ask(zinetd.port('it')));
      const { pid } = await zinetd.event('started');
      expect((await Promise.all(answers)).sort()).toEqual(
        [1, 2].map((count) => line('127.0.0.1', count, pid)),
      );
      await zinetd.stop();
    },
  );

  test('serves the clients of a pool, says which it is done with, and ends when no more will come', async () => {
    const worker = startWorker([server, ...server_args]);
    const told = worker.connect(17, { PROTO: 'TCP', REMOTE_ADDR: '192.0.2.17' });
    expect(await told.readAll()).toBe(line('192.0.2.17', 1, worker.pid));
    expect(await worker.report()).toEqual({ status: 0, id: '17' });
    const untold = await worker.connectByTcp(18);
    expect(await untold.readAll()).toBe(line('127.0.0.1', 2, worker.pid));
    expect(await worker.report()).toEqual({ status: 0, id: '18' });
    worker.pass(-1, { ZINETD_CONNECTION_ID: '19' });
    expect(await worker.report()).toEqual({ status: 1, id: '19' });
    worker.end();
    expect(await worker.ended).toBe(0);
  });
});
