import { Meters } from '../dist/metrics/meters.js';

/*
 * metrics.mjs: what the metrics cost for one connection that gets a handler: two events, the time of its launch, and
 * three looks at the clock; processor time, with a thousand services.
 */
const COUNT = 1000;
const CONNECTIONS = 2_000_000;
const ROUNDS = 7;

const names = Array.from({ length: COUNT }, (_, index) => `service${index}`);
const meters = new Meters();
meters.keep(names);
const peer = { family: /** @type {const} */ (4), bytes: new Uint8Array(4), port: 1, scopeId: 0 };
const exit = { status: 0, signal: undefined, durationMs: 1, userUs: 1, systemUs: 1, maxRssKb: 1 };
const started = names.map((service) => ({ type: /** @type {const} */ ('started'), service, peer, pid: 1 }));
const exited = names.map((service) => ({
  type: /** @type {const} */ ('exited'),
  service,
  peer,
  pid: 1,
  exit,
}));

function round() {
  const before = process.cpuUsage();
  for (let index = 0; index < CONNECTIONS; index++) {
    const [first, last] = [started[index % COUNT], exited[index % COUNT]];
    if (!first || !last) break;
    const sinceMs = performance.now();
    meters.take(first);
    meters.observe(first.service, { timed: 'launch', ms: performance.now() - sinceMs });
    meters.take(last);
  }
  const { user, system } = process.cpuUsage(before);
  return (1000 * (user + system)) / CONNECTIONS;
}

const all = Array.from({ length: ROUNDS }, round).toSorted((one, other) => one - other);
process.stdout.write(
  `${all[ROUNDS >> 1]?.toFixed(0)} ns for a connection (${all[0]?.toFixed(0)} to ${all.at(-1)?.toFixed(0)})\n`,
);
