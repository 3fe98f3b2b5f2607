import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AT_ONCE } from './lifted.mjs';

/** @typedef {import('./server.d.mts').Target} Target */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIRST_OTHER_PORT = 10_000;

/**
 * One line each, until there are so many that some are counted in a line together.
 *
 * @param {string} log
 */
function refusalsIn(log) {
  const lines = log.split('\n').filter((line) => line.includes('FAIL: bench '));
  return lines.reduce((sum, line) => sum + Number(/ repeated=(\d+)/.exec(line)?.[1] ?? 1), 0);
}

/** @param {Target} target */
function work({ builtin, relayedTo, datagrams, user, handler }) {
  if (builtin) return [`builtin: ${builtin}`];
  if (relayedTo) return [`redirect: "tcp://127.0.0.1:${relayedTo}"`];
  return [
    ...(user ? [`user: ${user.name}`] : []),
    `server: ${handler}`,
    ...(datagrams ? ['wait: true'] : []),
  ];
}

/** @param {Target} target */
function service(target) {
  const { port, datagrams, limits, refused, attributes = [] } = target;
  return [
    `listen: "${datagrams ? 'udp' : 'tcp'}://127.0.0.1:${port}"`,
    ...work(target),
    ...(limits === 'lifted' && !datagrams ? [`instances: ${AT_ONCE}`] : []),
    ...(refused ? [`no_access: [${refused.net}]`] : []),
    ...attributes,
  ];
}

/**
 * Services that nobody asks for anything, on an address that goes with the port: two runs do not meet.
 *
 * @param {Target} target
 */
function others(target) {
  const address = `127.1.${target.port >> 8}.${target.port & 255}`;
  return Array.from({ length: target.others ?? 0 }, (_, index) => {
    const lines = service({ ...target, attributes: [], limits: 'default' }).slice(1);
    return {
      name: `other${index}`,
      lines: [`listen: "tcp://${address}:${FIRST_OTHER_PORT + index}"`, ...lines],
    };
  });
}

/** @param {Target} target */
function configuration(target) {
  const services = [{ name: 'bench', lines: service(target) }, ...others(target)];
  const texts = services.map(
    ({ name, lines }) => `  ${name}:\n${lines.map((line) => `    ${line}\n`).join('')}`,
  );
  return `version: 1\nservices:\n${texts.join('')}`;
}

/** @type {import('./server.d.mts').Server} */
export const zinetd = {
  name: 'zinetd',
  log: 'file',
  fetch: async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    return { program: join(ROOT, 'dist/main.js'), version };
  },
  configuration,
  argv: (program, { file }) => {
    const own = ['--control', 'none', '--state-dir', `${file}.state`];
    return [process.execPath, program, 'run', '-c', file, ...own];
  },
  refusing: { does: 'accept and close in the dispatcher: no fork', logged: refusalsIn },
};

/** The same without what makes a scene special: one service, in `mode: inetd`, that starts the raw handler.
 *
 * @type {import('./server.d.mts').Server}
 */
export const plainZinetd = {
  ...zinetd,
  name: 'zinetd, plain',
  variantOf: zinetd.name,
  configuration: (target) => configuration({ ...target, attributes: [], others: 0 }),
};
