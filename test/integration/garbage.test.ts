import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { freePort } from './free-port.ts';

/** One attribute of an otherwise right service, as it could be after an accident. */
const GARBAGE: readonly (readonly [attribute: string, value: unknown])[] = [
  ['only_from', ['10.0.0.0/8', '10.0.0']],
  ['no_access', ['file:/nowhere/list']],
  ['hosts_access', { deny: '/proc' }],
  ['access_times', ['08:00-']],
  ['rate_per_source', { count: 5, per: '0s' }],
];

/** Whether nobody listens on the port: we can. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const result = await new Promise<boolean>((done) => {
    server.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true));
  });
  server.close();
  return result;
}

test.each(GARBAGE)(
  'nothing is served while "%s" is wrong, and the place is named (S53)',
  async (attribute, value) => {
    const [port, other] = [await freePort(), await freePort()];
    const service = { server: handler('echo'), ...(isRoot ? { user: 'nobody' } : {}) };
    const services = {
      other: { ...service, listen: `tcp://127.0.0.1:${other}` },
      wrong: { ...service, listen: `tcp://127.0.0.1:${port}`, [attribute]: value },
    };
    const path = join(scratch('garbage'), 'zinetd.yaml');
    writeFileSync(path, JSON.stringify({ version: 1, services }, null, 2));
    const zinetd = [process.execPath, resolve('dist/main.js'), 'run', '-c', path];
    const { status, stderr } = await runProgram(zinetd);
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^${path}:\\d+:\\d+: error\\[config/`, 'm'));
    expect([await isFree(port), await isFree(other)]).toEqual([true, true]);
  },
);
