import { parseArgs } from 'node:util';
import { SCENES } from './scenes.mjs';

/** @typedef {import('./options.d.mts').Options} Options */

const NAMES = SCENES.map(({ name }) => name);

export const USAGE = `usage: node bench/run.mjs [--rounds N] [--seconds S] [--servers a,b] [--scenes a,b]
                         [--json FILE] [--insert FILE]
       node bench/run.mjs --quick | --store [--rounds N] [--seconds S] [--scenes a,b]

  --rounds N       rounds over all servers (5)
  --seconds S      length of each measurement (1)
  --servers a,b    only these of: zinetd, xinetd, openbsd-inetd, tcpserver, ipsvd, busybox, busybox inetd
  --scenes a,b     only these of: ${NAMES.slice(0, 7).join(', ')},
                   ${NAMES.slice(7).join(', ')}
  --refusals       short for --scenes refusals
  --redirect       short for --scenes relays,streams
  --json FILE      write every sample to FILE
  --insert FILE    put the tables between the marks in FILE, such as docs/performance.md

  --quick          compare with the ratios in bench/gate/stored.json: exit code 1 for a loss of more than 15 %
  --store          measure the same for longer, and write them there
`;

/** @type {import('node:util').ParseArgsConfig['options']} */
const FLAGS = {
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  servers: { type: 'string' },
  scenes: { type: 'string' },
  json: { type: 'string' },
  insert: { type: 'string' },
  refusals: { type: 'boolean', default: false },
  redirect: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  store: { type: 'boolean', default: false },
};

/** Rounds and seconds of each mode: a gate is for waiting in front of it. */
const LENGTHS = {
  tables: { rounds: 5, seconds: 1 },
  quick: { rounds: 3, seconds: 0.3 },
  store: { rounds: 11, seconds: 0.3 },
};

/** What makes no sense beside a gate, which has servers of its own and writes no tables. */
const NOT_FOR_GATES = ['servers', 'json', 'insert'];

/**
 * @param {string} name
 * @param {{text: unknown, otherwise: number, most: number}} given
 */
function positive(name, { text, otherwise, most }) {
  const value = Number(text ?? otherwise);
  if (value > 0 && value <= most) return value;
  throw new RangeError(`Cannot use --${name} "${text}": expected a number above 0, at most ${most}`);
}

/** @param {Record<string, unknown>} values */
function modeOf(values) {
  const { quick, store } = values;
  if (quick && store)
    throw new RangeError('Cannot use --store with --quick: one reads what the other writes');
  const mode = store ? 'store' : quick ? 'quick' : 'tables';
  const wrong = NOT_FOR_GATES.find((name) => mode !== 'tables' && values[name] !== undefined);
  if (wrong) throw new RangeError(`Cannot use --${wrong} with --${mode}: it has only its own rows`);
  return mode;
}

/** @param {Record<string, unknown>} values */
function scenesOf({ scenes, refusals, redirect }) {
  const named = scenes === undefined ? [] : String(scenes).split(',');
  const stranger = named.find((name) => !NAMES.includes(name));
  if (stranger !== undefined)
    throw new RangeError(`Cannot measure the scene "${stranger}": known are ${NAMES.join(', ')}`);
  const all = [...named, ...(refusals ? ['refusals'] : []), ...(redirect ? ['relays', 'streams'] : [])];
  return all.length > 0 ? all : NAMES;
}

/** @param {unknown} value */
const textOf = (value) => (value === undefined ? undefined : String(value));

/**
 * @param {readonly string[]} args
 * @returns {Options}
 */
export function parseOptions(args) {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const mode = modeOf(values);
  const lengths = LENGTHS[mode];
  return {
    mode,
    rounds: Math.ceil(positive('rounds', { text: values.rounds, otherwise: lengths.rounds, most: 100 })),
    seconds: positive('seconds', { text: values.seconds, otherwise: lengths.seconds, most: 60 }),
    servers: textOf(values.servers)?.split(','),
    scenes: scenesOf(values),
    json: textOf(values.json),
    insert: textOf(values.insert),
  };
}
