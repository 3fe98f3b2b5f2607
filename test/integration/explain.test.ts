import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GivenFacts } from '../../src/cli/explain-facts.ts';
import { explainVerdict } from '../../src/cli/explain-verdict.ts';
import { machineHost } from '../../src/cli/host.ts';
import { policyOf } from '../../src/compile/policy.ts';
import { loadConfig } from '../../src/config/load.ts';
import { explanationJson } from '../../src/logging/render-explanation.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Policy } from '../../src/model/policy.ts';
import { endpoint } from '../admission/example-facts.ts';
import { runZinetd } from '../cli/run-zinetd.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { FULL_SERVICES, generateServices, loopback, SERVICES } from './generated-services.ts';

const VISITS = 400;
const IN_FLIGHT = 8;
/** Who come to each of the services that are to be full, and the one of them who comes to all. */
const CLIENTS = 3;
const FIRST = '127.0.0.1';
const BY_COMMAND = 4;
const OK = 'ok\n';

/** What one check says in a record. */
interface Said {
  readonly name: string;
  readonly passed: boolean;
  readonly detail?: string;
  readonly count?: number;
  readonly retry_ms?: number;
  readonly rule?: { readonly file: string };
}

interface Visit {
  readonly service: string;
  readonly from: string;
  readonly port: number;
  readonly received: string;
}

function visit(zinetd: Zinetd, { service, from }: Pick<Visit, 'service' | 'from'>): Promise<Visit> {
  const socket = createConnection({ host: '127.0.0.1', port: zinetd.port(service), localAddress: from });
  let received = '';
  let port = 0;
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.once('connect', () => {
    port = socket.localPort ?? 0;
    socket.end();
  });
  socket.on('error', () => {});
  return new Promise((done) => socket.once('close', () => done({ service, from, port, received })));
}

/** Fills what can be filled; gives the function that lets go. */
async function fill(zinetd: Zinetd): Promise<() => void> {
  const orders = Array.from({ length: FULL_SERVICES * CLIENTS }, (_, at) => `s${Math.floor(at / CLIENTS)}`);
  const holding = orders.map((service, at) => {
    const from = at % CLIENTS === 0 ? FIRST : `127.1.0.${at % CLIENTS}`;
    const socket = createConnection({ host: '127.0.0.1', port: zinetd.port(service), localAddress: from });
    const told = new Promise<void>((done) => {
      // An echo shows that the handler runs; the end, that there is none.
      socket.once('connect', () => socket.write('x'));
      for (const event of ['data', 'close'] as const) socket.once(event, () => done());
      socket.on('error', () => {});
    });
    return { socket, told };
  });
  await Promise.all(holding.map(({ told }) => told));
  return () => {
    for (const { socket } of holding) socket.destroy();
  };
}

async function crowd(zinetd: Zinetd, seed: number): Promise<readonly Visit[]> {
  const order = fc.record({
    service: fc.integer({ min: 0, max: SERVICES - 1 }).map((at) => `s${at}`),
    from: loopback,
  });
  const again = Array.from({ length: FULL_SERVICES }, (_, at) => ({ service: `s${at}`, from: FIRST }));
  const orders = [...again, ...fc.sample(order, { seed, numRuns: VISITS })].reverse();
  const visits: Visit[] = [];
  const worker = async () => {
    for (let next = orders.pop(); next; next = orders.pop()) visits.push(await visit(zinetd, next));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return visits;
}

function traceOf(record: LogRecord): readonly Said[] {
  return record['trace'] as readonly Said[];
}

/** The facts of a record: what it counted, when it was, whom it is about. */
function factsOf(record: LogRecord, local: Endpoint): GivenFacts {
  const count = (name: string) => traceOf(record).find((said) => said.name === name)?.count ?? 0;
  return {
    peer: endpoint(record.peer?.address ?? '', record.peer?.port),
    ...{ local, wallMs: Date.parse(record.time), load: count('max_load') },
    ...{ running: count('instances'), sourceRunning: count('per_source') },
    ...{ ident: { kind: 'pending' as const }, name: { kind: 'pending' }, decision: { kind: 'pending' } },
    certificate: { kind: 'pending' },
  };
}

/** Files by their last component; the time until a window opens to a minute, since a record comes a moment later. */
function comparable(said: Said): Said {
  const rule = said.rule && { ...said.rule, file: basename(said.rule.file) };
  if (said.name !== 'access_times' || said.retry_ms === undefined) return { ...said, rule } as Said;
  return { ...said, rule, detail: 'closed', retry_ms: Math.round(said.retry_ms / 60_000) } as Said;
}

function answerOf(record: Readonly<Record<string, unknown>>) {
  const { reason, policy, check, trace } = record;
  return {
    reason,
    policy,
    check: comparable(check as Said),
    trace: (trace as readonly Said[]).map(comparable),
  };
}

async function explain(policy: Policy, options: { readonly name: string; readonly given: GivenFacts }) {
  const service = policy.services.find(({ name }) => name === options.name);
  if (!service) throw new Error(`There is no service "${options.name}"`);
  return JSON.parse(
    JSON.stringify(explanationJson(await explainVerdict(policy, { service, given: options.given }))),
  );
}

/** What somebody types who has the record before him. */
function byCommand(config: string, { record, local }: { record: LogRecord; local: Endpoint }) {
  const given = factsOf(record, local);
  const { stdout, stderr } = runZinetd([
    ...['explain', record.service ?? '', '-c', config, '--json'],
    ...['--from', `${record.peer?.address}:${record.peer?.port}`, '--to', `127.0.0.1:${local.port}`],
    ...['--at', record.time.replace(/\.\d+Z$/, 'Z'), '--load', String(given.load)],
    ...['--running', String(given.running), '--source-running', String(given.sourceRunning)],
  ]);
  expect(stderr).not.toContain('error');
  return JSON.parse(stdout);
}

/** A daemon with generated services, some of them full, after everybody has been there. */
async function runGenerated(seed: number) {
  const text = JSON.stringify({ version: 1, services: generateServices(seed) }, null, 2);
  const path = join(scratch('explain-config'), 'zinetd.yaml');
  writeFileSync(path, text);
  const { config } = loadConfig({ path }, machineHost());
  if (!config) throw new Error(`The configuration does not load (seed ${seed})`);
  const zinetd = await startZinetd({ config: text });
  const letGo = await fill(zinetd);
  const visits = await crowd(zinetd, seed);
  letGo();
  const clients = visits.length + FULL_SERVICES * CLIENTS;
  const told = () => zinetd.log.count('refused') + zinetd.log.count('started');
  await until(() => told() === clients, { what: 'the log tells of everybody' });
  const refused = zinetd.log.all.filter(({ event }) => event === 'refused');
  const served = visits.filter(
    ({ service, received }) => received === OK && Number(service.slice(1)) >= FULL_SERVICES,
  );
  return { path, policy: policyOf(config), zinetd, refused, served };
}

const NOBODY_YET = { level: 'info', event: 'started', trace: [] };
const TITLE =
  'explain says of every refusal what its record says, check for check, and admits who was served';

test(`${TITLE} (promise 3)`, { timeout: 60_000 }, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { path, policy, zinetd, refused, served } = await runGenerated(seed);
  const local = (name = '') => endpoint('127.0.0.1', zinetd.port(name));
  for (const record of refused) {
    const { service: name = '', peer } = record;
    const explained = await explain(policy, { name, given: factsOf(record, local(name)) });
    expect(answerOf(explained), `seed ${seed}, ${name} from ${peer?.address}`).toEqual(answerOf(record));
  }
  for (const { service: name, from, port } of served) {
    const peer = { address: from, port };
    const given = factsOf({ ...NOBODY_YET, time: new Date().toISOString(), peer }, local(name));
    const explained = await explain(policy, { name, given });
    expect(explained, `seed ${seed}, ${name} from ${from}`).toMatchObject({ verdict: 'admitted' });
  }
  for (const record of refused.slice(-BY_COMMAND)) {
    expect(answerOf(byCommand(path, { record, local: local(record.service) }))).toEqual(answerOf(record));
  }
  // These are sure to be there; of times, load and libwrap the seed decides.
  const reasons = new Set(refused.map(({ reason }) => reason));
  expect([...reasons], `seed ${seed}`).toEqual(
    expect.arrayContaining(['address', 'per_source_limit', 'service_limit']),
  );
  expect(reasons.size, `seed ${seed}`).toBeGreaterThanOrEqual(4);
  expect(served.length, `seed ${seed}`).toBeGreaterThan(0);
});
