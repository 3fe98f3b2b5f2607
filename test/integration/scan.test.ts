import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { datagramClient } from '../harness/datagram-client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const run = promisify(execFile);
const ROUNDS = 100;

describeWith('a scan of all ports', { needs: ['root'] }, () => {
  test('with connect, SYN, FIN, NULL, XMAS and empty datagrams hangs nothing, and bans nobody (S62, S68, S70)', {
    timeout: 60_000,
  }, async () => {
    const common = { user: 'nobody', instances: 20, penalties: { crash: '90s', threshold: '1s' } };
    const services = {
      stream: { listen: 'tcp://*:0', server: handler('raw'), ...common },
      wait: { listen: 'udp://*:0', wait: true, server: handler('datagrams'), server_args: ['50'], ...common },
      peer: { listen: 'udp://*:0', server: handler('connected'), server_args: ['50'], ...common },
    };
    const zinetd = await startZinetd({ config: { services } });
    const targets = zinetd.log.all.flatMap(({ event, local, service }) =>
      event === 'listening' ? [`${local?.port}:${service === 'stream' ? 'tcp' : 'udp'}`] : [],
    );
    expect(targets).toHaveLength(6);
    await run('python3', ['test/fixtures/clients/scan.py', String(ROUNDS), ...targets]);
    // The scan comes from the same source, whose last handlers may be on their way out.
    await until(() => zinetd.log.count('exited') >= zinetd.log.count('started'), {
      what: 'the handlers end',
    });
    let said = '';
    for (let tries = 0; tries < 20 && said === ''; tries++) said = await ask(zinetd.port('stream'), '');
    expect(said).toBe('ok\n');
    for (const service of ['wait', 'peer']) {
      const client = await datagramClient(zinetd.port(service));
      let answer: string | undefined;
      for (let tries = 0; tries < 20 && answer === undefined; tries++) {
        await client.send('x');
        answer = await client.answer({ timeoutMs: 500 }).catch(() => undefined);
      }
      expect(answer).toMatch(/ x$/);
    }
    expect(zinetd.log.count('banned')).toBe(0);
    await zinetd.stop();
  });
});
