/**
 * The global bars of SECURITY.md: what each asks, and the tests that measure it.
 *
 * @typedef {object} Bar
 * @property {string} name
 * @property {string} asks
 * @property {readonly string[]} files
 * @property {string} [title] of the tests that are meant, if not all of the files
 * @property {Readonly<Record<string, string>>} whole how long it is, in full
 * @property {Readonly<Record<string, string>>} quick and to see whether it works
 */

/** @param {readonly string[]} names */
const integration = (...names) => names.map((name) => `test/integration/${name}.test.ts`);

/** Scripts of the fault plan, which have a long form. @param {readonly string[]} names */
const faults = (...names) => names.map((name) => `test/faults/${name}.test.ts`);
const LONG = { ZINETD_LONG: '1' };

/** @type {readonly Bar[]} */
export const BARS = [
  {
    name: 'B1',
    asks: 'descriptors as at the start, no zombie, counters 0; memory after 10^6 connections at most 8 MiB above that after 10^5',
    files: ['test/soak/million.test.ts'],
    whole: { ZINETD_TEST_MILLION: '1000000' },
    quick: { ZINETD_TEST_MILLION: '50000' },
  },
  {
    name: 'B2',
    asks: 'accepted = handed over + refused + failed + in flight; each connection has exactly one last record',
    files: ['test/soak/soak.test.ts'],
    whole: { ZINETD_SOAK_SECONDS: '180' },
    quick: { ZINETD_SOAK_SECONDS: '20' },
  },
  {
    name: 'B3',
    asks: 'one source at 5,000 connections/s: another at 10/s gets 99.9 %, p99 at most 50 ms to the first byte',
    files: faults('f06-flood'),
    whole: LONG,
    quick: {},
  },
  {
    name: 'B4',
    asks: '65,536 sources at that rate: 99 %, p99 at most 250 ms; the table of sources does not grow',
    files: faults('f07-sources'),
    whole: LONG,
    quick: {},
  },
  {
    name: 'B5',
    asks: 'an error that lasts 10 s: at most 5 % of a core and a line of log a second for each service, served again within 1 s',
    files: faults('f02-descriptors', 'f03-accept', 'f04-launches'),
    whole: LONG,
    quick: {},
  },
  {
    name: 'B6',
    asks: '1,000 reloads under 200 connections/s: nobody refused, reset, or a byte lost',
    files: faults('f10-reloads'),
    whole: LONG,
    quick: {},
  },
  {
    name: 'B7',
    asks: 'the event loop of the dispatcher comes late by at most 20 ms (p99) and 100 ms (most), with reloads and kills',
    files: ['test/soak/soak.test.ts'],
    whole: { ZINETD_SOAK_SECONDS: '180' },
    quick: { ZINETD_SOAK_SECONDS: '20' },
  },
  {
    name: 'B8',
    asks: 'the spawner reads nothing of a client',
    files: integration('no-read'),
    whole: {},
    quick: {},
  },
  {
    name: 'B9',
    asks: 'what a handler has is what its golden file says, to the byte, on every way to start one',
    files: integration('probe', 'spawn-paths'),
    whole: {},
    quick: {},
  },
  {
    name: 'B10',
    asks: 'every system call that may fail is failed once: no crash, no leak, nothing left open',
    files: faults('f1-calls'),
    whole: { ...LONG, ZINETD_F1_ERRNOS: '1' },
    quick: {},
  },
];
