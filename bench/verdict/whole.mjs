/**
 * What a whole verdict costs, as the dispatcher makes it (source key, facts, all checks), by the length of an access
 * list and by the number of sources seen before. Run `npm run build` first:
 *   node bench/verdict/whole.mjs [--rounds 9]
 */
import { parseArgs } from 'node:util';
import { buildPrefixTable } from '../../dist/compile/prefix-table.js';
import { Bans } from '../../dist/dispatcher/bans.js';
import { Counters } from '../../dist/dispatcher/counters.js';
import { decide } from '../../dist/dispatcher/decide.js';
import { prepareRules } from '../../dist/dispatcher/prepare-rules.js';
import { addressKey } from '../../dist/model/address.js';
import { CHECK_NAMES } from '../../dist/model/check-name.js';
import { describeHost, foreignShare } from '../lib/host.mjs';
import { summarise } from '../lib/statistics.mjs';
import { randomCase } from './prefixes.mjs';
import { randomWords } from './random.mjs';

const PREFIXES = [10, 10_000, 1_000_000];
const SEEN = [1_000, 100_000, 2_000_000];
/** In turns, so that no table has the caches to itself. */
const VERDICTS = 65_536;
const CAPACITY = 65_536;
/** One connection in so many milliseconds: 100,000 a second. */
const STEP_MS = 0.01;
const SECRET = Uint32Array.of(0x5eed, 0xbea7);

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });

/** @param {number} prefixes */
function policyWith(prefixes) {
  const { list, keys } = randomCase({
    family: 4,
    count: prefixes,
    addresses: VERDICTS,
    word: randomWords(prefixes),
  });
  const service = {
    name: 'bench',
    listeners: [],
    access: {
      onlyFrom: undefined,
      noAccess: { tables: [buildPrefixTable(list)], names: [] },
      match: 'specific',
    },
    instances: { soft: 1000, hard: 1000, dropPercent: 100 },
    perSource: 500,
    cps: { count: 1_000_000, perMs: 1000, burst: 1_000_000 },
    ratePerSource: { count: 10, perMs: 1000, burst: 20 },
    policies: Object.fromEntries(CHECK_NAMES.map((name) => [name, { kind: 'reject', text: undefined }])),
  };
  const sources = { ipv4Prefix: 32, ipv6Prefix: 64, capacity: CAPACITY };
  const bans = { capacity: CAPACITY, overflow: 'permissive', exempt: undefined };
  return { policy: { services: [service], maxProcesses: undefined, sources, bans, watched: [] }, keys };
}

/**
 * A dispatcher's records with so many prefixes, after so many sources.
 * @param {number} prefixes
 * @param {number} seen
 */
function prepare(prefixes, seen) {
  const { policy, keys } = policyWith(prefixes);
  const rules = prepareRules(policy);
  let nowMs = 1000;
  const world = {
    nowMs: () => {
      nowMs += STEP_MS;
      return nowMs;
    },
    wallMs: () => 0,
    load: () => 0,
    roll: Math.random,
    secret: () => SECRET,
  };
  const counters = new Counters({ services: 1, sources: policy.sources, secret: SECRET });
  const bans = new Bans({ world, secret: SECRET, policy: () => policy.bans, bus: { emit: () => {} } });
  const prepared = rules.services[0].service;
  const local = { family: 4, bytes: Uint8Array.of(127, 0, 0, 1), port: 7000, scopeId: 0 };
  /** @param {Uint8Array} bytes */
  const guestOf = (bytes) => {
    const peer = { family: 4, bytes, port: 40_000, scopeId: 0 };
    const key = addressKey(peer);
    const connection = { id: 1, service: 0, peer };
    const name = { kind: 'pending' };
    return {
      connection,
      arrival: { peer, key, local },
      source: counters.sourceOf(key),
      name,
      decision: name,
    };
  };
  /** @param {Uint8Array} bytes */
  const verdict = (bytes) => decide(guestOf(bytes), { rules, counters, bans, world });
  for (let number = 0; number < seen; number++) {
    const source = counters.sourceOf(
      Uint8Array.of(11 + (number >>> 24), number >>> 16, number >>> 8, number),
    );
    counters.admit({ service: 0, source }, { prepared, nowMs: world.nowMs() }).spend();
  }
  return { prefixes, seen, keys, verdict, samples: /** @type {number[]} */ ([]), admitted: 0 };
}

/** @param {ReturnType<typeof prepare>} item */
function measure(item) {
  let admitted = 0;
  const started = process.hrtime.bigint();
  for (const key of item.keys) if (item.verdict(key).kind === 'admitted') admitted++;
  item.samples.push(Number(process.hrtime.bigint() - started) / item.keys.length);
  item.admitted = admitted;
}

/** @param {string} title @param {readonly ReturnType<typeof prepare>[]} items @param {'prefixes' | 'seen'} by */
function report(title, items, by) {
  console.log(`\n| ${title} | ns a verdict | ratio | admitted |\n| --- | --- | --- | --- |`);
  const base = summarise(items[0].samples).median;
  for (const item of items) {
    const { median, min, max } = summarise(item.samples);
    const share = Math.round((100 * item.admitted) / VERDICTS);
    const cost = `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;
    console.log(
      `| ${item[by].toLocaleString('en')} | ${cost} | ${(median / base).toFixed(2)} | ${share} % |`,
    );
  }
}

const byPrefixes = PREFIXES.map((prefixes) => prepare(prefixes, 1000));
const bySources = SEEN.map((seen) => prepare(10, seen));
const all = [...byPrefixes, ...bySources];
for (const item of all) for (let warm = 0; warm < 3; warm++) measure(item);
for (const item of all) item.samples = [];
for (let round = 0; round < Number(values.rounds); round++) for (const item of all) measure(item);
console.log(
  `${describeHost(await foreignShare())}. ${values.rounds} rounds of ${VERDICTS} verdicts, capacity ${CAPACITY}.`,
);
report('prefixes', byPrefixes, 'prefixes');
report('sources seen', bySources, 'seen');
