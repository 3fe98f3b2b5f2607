import { parseArgs } from 'node:util';

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number} seconds of each measurement
 * @property {readonly string[] | undefined} servers
 * @property {boolean} refusals only these
 * @property {boolean} redirect only relays
 * @property {string | undefined} json file for the raw data
 * @property {string | undefined} insert document to put the tables into
 */

export const USAGE = `usage: node bench/run.mjs [--rounds N] [--seconds S] [--servers a,b] [--refusals] [--redirect]
                         [--quick] [--json FILE] [--insert FILE]

  --rounds N       rounds over all servers (5)
  --seconds S      length of each measurement (1)
  --servers a,b    only these of: zinetd, xinetd, openbsd-inetd, tcpserver, ipsvd, busybox
  --refusals       only how fast they turn clients away
  --redirect       only how fast they relay connections
  --quick          one round of 0.3 s: does everything work? Not a measurement
  --json FILE      write every sample to FILE
  --insert FILE    put the tables between the marks in FILE, such as docs/performance.md
`;

/** @type {import('node:util').ParseArgsConfig['options']} */
const FLAGS = {
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  servers: { type: 'string' },
  json: { type: 'string' },
  insert: { type: 'string' },
  refusals: { type: 'boolean', default: false },
  redirect: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
};

/**
 * @param {string} name
 * @param {{text: string, most: number}} given
 */
function positive(name, { text, most }) {
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  throw new RangeError(`Cannot use --${name} "${text}": expected a number above 0, at most ${most}`);
}

/**
 * @param {readonly string[]} args
 * @returns {Options}
 */
export function parseOptions(args) {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const rounds = String(values.rounds ?? (values.quick ? 1 : 5));
  const seconds = String(values.seconds ?? (values.quick ? 0.3 : 1));
  return {
    rounds: Math.ceil(positive('rounds', { text: rounds, most: 100 })),
    seconds: positive('seconds', { text: seconds, most: 60 }),
    servers: values.servers === undefined ? undefined : String(values.servers).split(','),
    refusals: values.refusals === true,
    redirect: values.redirect === true,
    json: values.json === undefined ? undefined : String(values.json),
    insert: values.insert === undefined ? undefined : String(values.insert),
  };
}
