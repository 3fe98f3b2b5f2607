import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { program } from '../harness/program.ts';
import { askHttp, scrape, seriesOf } from '../harness/scrape.ts';
import { scratch } from '../harness/scratch.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startPrometheus } from '../harness/start-prometheus.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const LISTEN = 'tcp://127.0.0.1:0';
const MOST_CLIENTS = 8;

function service(settings: Readonly<Record<string, unknown>> = {}) {
  return { listen: LISTEN, server: handler('raw'), ...(isRoot ? { user: 'nobody' } : {}), ...settings };
}

const SERVICES = {
  it: service(),
  fails: service({ server: '/bin/false' }),
  no: service({ no_access: ['127.0.0.0/8'] }),
  gone: service({ server: handler('raw'), only_from: ['127.0.0.1'] }),
  own: { listen: LISTEN, builtin: 'discard' },
};

async function start(services: Readonly<Record<string, unknown>> = SERVICES): Promise<Zinetd> {
  return startZinetd({ config: { metrics: { listen: LISTEN }, services } });
}

function times<T>(count: number, act: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, act));
}

/** Those of a zinetd as they are now. */
async function series(zinetd: Zinetd): Promise<ReadonlyMap<string, number>> {
  return seriesOf(await scrape(zinetd.port('@metrics')));
}

describe('the metrics', () => {
  test('count each client once, by what became of it, and no address is in them (promise 7)', async () => {
    const zinetd = await start();
    await times(5, () => ask(zinetd.port('it')));
    await times(2, () => ask(zinetd.port('fails')));
    await times(40, () => ask(zinetd.port('no')));
    await ask(zinetd.port('own'), 'x');
    for (let count = 0; count < 8; count++) await zinetd.event('exited');
    const text = await scrape(zinetd.port('@metrics'));
    const found = seriesOf(text);
    const counted = [...found].filter(([name]) => /^zinetd_(started|refused|failed|exited)_total/.test(name));
    expect(Object.fromEntries(counted.filter(([, value]) => value > 0))).toEqual({
      'zinetd_started_total{service="it"}': 5,
      'zinetd_started_total{service="fails"}': 2,
      'zinetd_started_total{service="own"}': 1,
      'zinetd_refused_total{service="no",reason="address"}': 40,
      'zinetd_exited_total{service="it",status="success"}': 5,
      'zinetd_exited_total{service="fails",status="failure"}': 2,
      'zinetd_exited_total{service="own",status="ended"}': 1,
    });
    expect(found.get('zinetd_launch_seconds_count{service="it"}')).toBe(5);
    expect(found.get('zinetd_launch_seconds_bucket{service="it",le="+Inf"}')).toBe(5);
    expect(text).not.toMatch(/127\.0\.0|::1/);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });

  test('tell how many handlers there are now, and how many there may be', async () => {
    const zinetd = await start({ it: service({ server: handler('echo'), instances: 3, per_source: 3 }) });
    const clients = await times(3, () => connect(zinetd.port('it')));
    for (const _ of clients) await zinetd.event('started');
    expect(await ask(zinetd.port('it'))).toBe('');
    const full = await series(zinetd);
    expect(full.get('zinetd_handlers{service="it"}')).toBe(3);
    expect(full.get('zinetd_handlers_limit{service="it"}')).toBe(3);
    expect(full.get('zinetd_refused_total{service="it",reason="per_source_limit"}')).toBe(1);
    for (const client of clients) client.halfClose();
    for (const _ of clients) await zinetd.event('exited');
    expect((await series(zinetd)).get('zinetd_handlers{service="it"}')).toBe(0);
  });

  test('say how long a full queue kept clients in the kernel', async () => {
    const it = service({ server: handler('echo'), instances: 1, policies: { instances: 'queue' } });
    const zinetd = await start({ it });
    const first = await connect(zinetd.port('it'));
    await zinetd.event('started');
    const second = ask(zinetd.port('it'), 'second');
    first.halfClose();
    expect(await second).toBe('second');
    await zinetd.event('exited');
    await zinetd.event('exited');
    const count = (await series(zinetd)).get('zinetd_queue_hold_seconds_count{service="it"}');
    expect(count).toBeGreaterThanOrEqual(1);
  });

  test('are there for the services of the configuration alone: a reload takes out those that went', async () => {
    const file = new ServicesFile({ it: service(), old: service() });
    const zinetd = await startZinetd({ config: { metrics: { listen: LISTEN }, ...JSON.parse(file.config) } });
    await ask(zinetd.port('it'));
    await ask(zinetd.port('old'));
    for (let count = 0; count < 2; count++) await zinetd.event('exited');
    file.write({ it: service() });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    const text = await scrape(zinetd.port('@metrics'));
    expect(text).not.toContain('"old"');
    expect(seriesOf(text).get('zinetd_started_total{service="it"}')).toBe(1);
    expect(seriesOf(text).get('zinetd_reloads_total{outcome="reloaded"}')).toBe(1);
    await zinetd.stop(); // it has a listener less than at the start
  });
});

describe('whoever comes to the metrics', () => {
  test('may ask for a page, and gets an answer to anything else', async () => {
    const port = (await start()).port('@metrics');
    const statusOf = async (request: string) => (await askHttp(port, request)).split('\r\n', 1)[0];
    const headers = '\nHost: z\n\n';
    expect(await statusOf(`GET / HTTP/1.1${headers}`)).toBe('HTTP/1.1 200 OK');
    expect(await statusOf(`GET /metrics?x=1 HTTP/1.0${headers}`)).toBe('HTTP/1.1 200 OK');
    expect(await statusOf(`GET /other HTTP/1.1${headers}`)).toBe('HTTP/1.1 404 Not Found');
    expect(await statusOf(`POST /metrics HTTP/1.1${headers}body`)).toBe('HTTP/1.1 405 Method Not Allowed');
    expect(await statusOf(`GET /metrics HTTP/1.1\nBad Name: x\n\n`)).toBe('HTTP/1.1 400 Bad Request');
    expect(await statusOf(`GET /${'x'.repeat(9000)}`)).toMatch(/^HTTP\/1\.1 431 /);
    const head = await askHttp(port, `HEAD /metrics HTTP/1.1${headers}`);
    expect(head).toMatch(
      /^HTTP\/1\.1 200 OK\r\nContent-Type: application\/openmetrics-text; version=1\.0\.0/,
    );
    expect(head.endsWith('\r\n\r\n')).toBe(true);
  });

  test('and says nothing is let go, the first for the next, while clients of services are served (S114)', async () => {
    const zinetd = await start();
    const port = zinetd.port('@metrics');
    const silent = await times(MOST_CLIENTS, () => connect(port));
    for (const client of silent) client.send('GET /met');
    // When this is answered, what came before has been read: closed with it unread, a socket is reset.
    expect(await ask(zinetd.port('it'))).toBe('ok\n');
    expect(seriesOf(await scrape(port)).get('zinetd_services')).toBe(5);
    expect(await silent[0]?.ended()).toBe('end');
    expect(await ask(zinetd.port('it'))).toBe('ok\n');
    // The others have five seconds for their request.
    for (const client of silent.slice(1)) await client.ended();
  });

  test('takes no answer does not keep others from one, nor zinetd from stopping', async () => {
    const zinetd = await start();
    const port = zinetd.port('@metrics');
    const deaf = await times(MOST_CLIENTS - 1, () => connect(port));
    for (const client of deaf) {
      client.socket.pause();
      client.send('GET /metrics HTTP/1.1\r\n\r\n');
    }
    for (let count = 0; count < 50; count++) await scrape(port);
    expect(await ask(zinetd.port('it'))).toBe('ok\n');
    await zinetd.stop();
  });
});

describe('without metrics', () => {
  test('nobody listens; a reload turns them on, and off again', async () => {
    const path = join(scratch('config'), 'zinetd.yaml');
    const write = (changes: Readonly<Record<string, unknown>>) =>
      writeFileSync(
        path,
        JSON.stringify({ version: 1, watch: false, services: { it: service() }, ...changes }),
      );
    const reload = async () => {
      zinetd.signal('SIGHUP');
      await zinetd.event('reloaded');
    };
    write({});
    const zinetd = await startZinetd({ configFile: path });
    expect(zinetd.log.all.some((record) => record.service === '@metrics')).toBe(false);
    write({ metrics: { listen: LISTEN } });
    await reload();
    await ask(zinetd.port('it'));
    await zinetd.event('exited');
    const port = zinetd.port('@metrics');
    expect((await series(zinetd)).get('zinetd_started_total{service="it"}')).toBe(1);
    write({});
    await reload();
    await expect(connect(port)).rejects.toThrow();
  });
});

describeWith('promtool and Prometheus', { needs: [{ program: 'promtool' }] }, () => {
  test('find nothing to complain of in the format of promtool', async () => {
    const zinetd = await start();
    await ask(zinetd.port('it'));
    await ask(zinetd.port('no'));
    await zinetd.event('exited');
    const input = await scrape(zinetd.port('@metrics'), 'text/plain');
    const said = execFileSync(program('promtool') ?? '', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(said).toBe('');
    expect(input).toContain('zinetd_refused_total{service="no",reason="address"} 1\n');
  });

  test('can parse each query of the dashboard', () => {
    const queries: string[] = [];
    JSON.parse(readFileSync('examples/grafana-dashboard.json', 'utf8'), (key, value) => {
      if (key === 'expr') queries.push(String(value).replaceAll('$__rate_interval', '5m'));
      return value;
    });
    const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr }));
    const path = join(scratch('rules'), 'rules.yml');
    writeFileSync(path, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    const said = execFileSync(program('promtool') ?? '', ['check', 'rules', path], { encoding: 'utf8' });
    expect(said).toContain(`SUCCESS: ${queries.length} rules found`);
    expect(queries.length).toBeGreaterThan(20);
  });

  test('scrape it, and know the values by their names', async () => {
    const zinetd = await start();
    await ask(zinetd.port('it'));
    await zinetd.event('exited');
    const prometheus = await startPrometheus(zinetd.port('@metrics'));
    expect(await prometheus.valueOf('up{job="zinetd"}')).toBe(1);
    expect(await prometheus.valueOf('zinetd_started_total{service="it"}')).toBe(1);
    expect(await prometheus.valueOf('zinetd_launch_seconds_count{service="it"}')).toBe(1);
  });
});
