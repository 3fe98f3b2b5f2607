import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { Rsyslog } from '../harness/start-rsyslog.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { freePort } from '../integration/free-port.ts';

interface Pair {
  readonly zinetd: Zinetd;
  readonly rsyslog: Rsyslog;
}

type To = (rsyslog: Rsyslog, port: number) => string;

const toSocket: To = ({ socket }) => `unix-dgram://${socket}`;
const toUdp: To = (_, port) => `udp://127.0.0.1:${port}`;
const toTcp: To = (_, port) => `tcp://localhost:${port}`;
const MINUTE_MS = 60_000;

/** `it` answers, `no` turns everybody away; both log to rsyslogd, with more said of how where a test likes. */
async function startPair(to: To, syslog: Readonly<Record<string, unknown>> = {}): Promise<Pair> {
  const port = await freePort();
  const rsyslog = new Rsyslog(port);
  await rsyslog.start();
  const user = isRoot ? { user: 'nobody' } : {};
  const it = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...user };
  const defaults = {
    ...{ instances: 500, log_format: 'text' },
    log_type: { syslog: 'local3', tag: 'xinetd', to: to(rsyslog, port), ...syslog },
  };
  const services = { it, no: { ...it, no_access: ['127.0.0.0/8'] } };
  const pair = { rsyslog, zinetd: await startZinetd({ config: { defaults, services }, lossy: true }) };
  await serve(pair);
  await hasCome(pair, 'EXIT', 1);
  await pair.zinetd.settled();
  return pair;
}

async function serve({ zinetd }: Pair): Promise<void> {
  expect(await ask(zinetd.port('it'), '')).toBe('ok\n');
}

/** Of one kind, such as START. */
function textsOf({ rsyslog }: Pair, kind: string): readonly string[] {
  return rsyslog.messages().flatMap(({ text }) => (text.startsWith(`${kind}: `) ? [text] : []));
}

async function hasCome(pair: Pair, kind: string, count: number): Promise<void> {
  await until(() => textsOf(pair, kind).length >= count, { what: `${count} ${kind} have come` });
}

describeWith('rsyslogd', { needs: [{ program: 'rsyslogd' }] }, () => {
  test.each([
    ['a socket such as /dev/log', toSocket, 'imuxsock', '-'],
    ['UDP', toUdp, 'imudp', 'started'],
    ['TCP', toTcp, 'imtcp', 'started'],
  ])('gets records over %s with their facility, level, tag and text', async (_, to, input, id) => {
    const pair = await startPair(to);
    await ask(pair.zinetd.port('no'), '');
    await hasCome(pair, 'WHY', 1);
    const messages = pair.rsyslog.messages();
    const dispatcher = pair.zinetd.dispatcherPid;
    const tag = input === 'imuxsock' ? `xinetd[${dispatcher}]:` : `xinetd[${dispatcher}]`;
    const head = { input, facility: 'local3', tag, host: hostname() };
    const start = messages.find(({ text }) => text.startsWith('START'));
    expect(start).toMatchObject({ ...head, severity: 'info', id });
    expect(start?.text).toMatch(/^START: it pid=\d+ from=127\.0\.0\.1$/);
    const fail = messages.find(({ text }) => text.startsWith('FAIL'));
    expect(fail).toMatchObject({ ...head, severity: 'warning', text: 'FAIL: no address from=127.0.0.1' });
  });

  test('gets all records at the level that is written, as from xinetd', async () => {
    const pair = await startPair(toSocket, { level: 'notice' });
    await ask(pair.zinetd.port('no'), '');
    await hasCome(pair, 'WHY', 1);
    expect(new Set(pair.rsyslog.messages().map(({ severity }) => severity))).toEqual(new Set(['notice']));
  });

  test.each([
    ['TCP', toTcp],
    ['UDP', toUdp],
  ])('understands the form of RFC 3164 over %s, too', async (_, to) => {
    const pair = await startPair(to, { format: 'rfc3164' });
    expect(pair.rsyslog.messages()[0]).toMatchObject({
      ...{ facility: 'local3', host: hostname(), tag: expect.stringMatching(/^xinetd\[\d+\]:?$/) },
    });
  });

  test.each([
    ['a socket such as /dev/log', toSocket],
    ['TCP', toTcp],
    ['UDP', toUdp],
  ])(
    'that is killed and comes back gets over %s what was recorded meanwhile, and zinetd tells of it once (S119)',
    async (_, to) => {
      const pair = await startPair(to);
      const { zinetd, rsyslog } = pair;
      await serve(pair);
      await hasCome(pair, 'EXIT', 2);
      await rsyslog.stop();
      rmSync(rsyslog.socket, { force: true });
      for (let times = 0; times < 20; times++) await serve(pair);
      await zinetd.event('log-failed');
      await rsyslog.start();
      expect(await zinetd.event('log-resumed')).toMatchObject({ lost: 0 });
      await serve(pair);
      // Over UDP the first message after that is on its way before anybody can say that nobody wants it: a START.
      const [startCount, exitCount] = to === toUdp ? [22, 23] : [23, 23];
      await hasCome(pair, 'EXIT', exitCount);
      const starts = textsOf(pair, 'START');
      expect(new Set(starts).size).toBe(starts.length);
      expect(starts).toHaveLength(startCount);
      expect(zinetd.log.count('log-failed')).toBe(1);
      expect(zinetd.log.count('log-resumed')).toBe(1);
    },
  );

  test.each([
    ['a socket such as /dev/log', toSocket],
    ['TCP', toTcp],
  ])(
    'that is stopped delays no client, and gets everything over %s once it goes on (S119)',
    async (_, to) => {
      const pair = await startPair(to);
      const { zinetd, rsyslog } = pair;
      rsyslog.signal('SIGSTOP');
      // As many as fit into the queue on any machine.
      const { total, errors } = await loadgen(zinetd.port('it'), {
        inFlight: 8,
        seconds: 2,
        perSecond: 1000,
      });
      expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 });
      rsyslog.signal('SIGCONT');
      await until(() => textsOf(pair, 'EXIT').length > total, { what: 'all has come', timeoutMs: 30_000 });
      expect(textsOf(pair, 'EXIT')).toHaveLength(total + 1);
      expect(textsOf(pair, 'START')).toHaveLength(total + 1);
      expect(zinetd.log.count('log-failed')).toBe(0);
    },
    MINUTE_MS,
  );

  test('has all records of the last moment when zinetd stops', async () => {
    const pair = await startPair(toTcp);
    const { total } = await loadgen(pair.zinetd.port('it'), { inFlight: 8, seconds: 1, perSecond: 2000 });
    await pair.zinetd.stop();
    await until(() => textsOf(pair, 'EXIT').length > total, { what: 'all has come' });
    expect(textsOf(pair, 'START')).toHaveLength(total + 1);
  });
});
