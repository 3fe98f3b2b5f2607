/**
 * @typedef {object} Scene
 * @property {string} name
 * @property {string} title
 * @property {string} handler program that is started for a connection
 * @property {readonly number[]} inFlight
 * @property {number} [relayedBytes] each connection is relayed to somebody who answers so much
 * @property {string} [refusedNet] where the load comes from, and the rule of every server says no to
 * @property {'lifted' | 'default'} [limits] of the servers; lifted unless said
 * @property {readonly string[]} flags of the load generator
 */

/** Long enough that the connection itself does not count, and short enough to have many. */
const STREAM_BYTES = 8 * 1024 * 1024;
const LINE_BYTES = 3;

/** What is measured: rows of one table each, for each number of connections in flight.
 *
 * @type {readonly Scene[]}
 */
export const SCENES = [
  { name: 'raw', title: 'Handler without C library', handler: 'raw', inFlight: [16, 1], flags: [] },
  { name: 'glibc', title: 'Static glibc handler', handler: 'glibc', inFlight: [16, 1], flags: [] },
  {
    name: 'refusals',
    title: 'Refused by address',
    handler: 'raw',
    inFlight: [16, 64],
    refusedNet: '127.77.0.0/16',
    flags: ['-x'],
  },
  {
    name: 'relays',
    title: 'Relayed, a line each',
    handler: 'raw',
    inFlight: [16, 1],
    relayedBytes: LINE_BYTES,
    flags: [],
  },
  {
    name: 'streams',
    title: 'Relayed, 8 MiB each',
    handler: 'raw',
    inFlight: [1, 8],
    relayedBytes: STREAM_BYTES,
    flags: ['-b', String(STREAM_BYTES)],
  },
];
