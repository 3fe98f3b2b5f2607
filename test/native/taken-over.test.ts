import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TAKEN_OVER_CALLS } from '../../scripts/notes/taken-over-calls.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Config } from '../../src/model/config.ts';
import type { Service } from '../../src/model/service.ts';
import { serviceRules } from '../admission/example-policy.ts';
import { configOf, plain } from '../compile/example.ts';
import { describeWith } from '../harness/describe-with.ts';
import { descriptorCountOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { layOut, listenForDatagrams, stranger, TakenOver } from './take-over.ts';

const NOBODY = 65_534;

/** A service of each kind of socket that a dispatcher may have, with handlers of another uid, which stay. */
function servicesAt(path: string): readonly Service[] {
  const identity = { uid: NOBODY, gid: NOBODY, groups: [] };
  const programs = plain.programs.map((program) => ({
    ...{ ...program, identity, path: '/bin/sleep', argv: ['sleep', '1000'] },
  }));
  const rules = serviceRules({ instances: { soft: 9, hard: 9, dropPercent: 100 } });
  const [tcp] = plain.listeners.map((it) => ({ ...it, address: { ...(it.address as Endpoint), port: 0 } }));
  if (!tcp) throw new Error('The example has no listener');
  const service = { ...plain, programs, rules, listeners: [tcp] };
  const owner = { mode: 0o666, uid: undefined, gid: undefined };
  const unix = { ...tcp, scheme: 'unix', address: { family: 'path', path }, options: [], owner } as const;
  return [
    { ...service, name: 'tcp' },
    { ...service, name: 'udp', listeners: [{ ...tcp, scheme: 'udp', options: [] }] },
    { ...service, name: 'unix', listeners: [unix], log: { ...plain.log, destination: 1 } },
  ];
}

function configAt(path: { readonly unix: string; readonly log: string }): Config {
  const format = undefined;
  const limits = { softBytes: undefined, hardBytes: undefined };
  return configOf(servicesAt(path.unix), {
    outlets: [{ kind: 'file', path: path.log, mode: 0o640 }],
    logs: [
      { kind: 'stdout', format },
      { kind: 'file', outlet: 0, path: path.log, format, ...limits },
    ],
  });
}

function come(where: { readonly port: number } | { readonly path: string }): void {
  const client = connect({ host: '127.0.0.1', ...where }).on('error', () => {});
  onTestFinished(() => void client.destroy());
}

describeWith('a dispatcher that was taken over', { needs: ['root'] }, () => {
  test('gets by system calls what the threat model says, and nothing outside of it has changed (promise 1, S33, S38, S117)', async () => {
    const path = { unix: join(scratch('unix'), 'service'), log: join(scratch('log'), 'log') };
    const taken = new TakenOver(configAt(path));
    const { run } = taken;
    await run.event('ready');
    const tcp = { port: run.port('tcp') };
    come(tcp);
    const { pid: handler } = await run.event('started');
    const { readable, writable, drop } = layOut();
    const socket = join(scratch('socket'), 'log');
    const datagrams = await listenForDatagrams(socket);
    const held = descriptorCountOf(run.pid);
    taken.begin({
      ...{ READABLE: readable, WRITABLE: writable, DROP: drop, SOCKET: socket, PORT: run.port('udp') },
      ...{ SPAWNER: run.pid, HANDLER: handler, STRANGER: stranger() },
    });
    await taken.got('give a listener to a unix socket of somebody, by a stream');
    come(tcp);
    expect(await taken.got('accept a client of a service')).toBe('allowed');
    come({ path: path.unix });
    await taken.got('change its segments');
    const expected = TAKEN_OVER_CALLS.flatMap(({ calls }) => calls.map(({ what, got }) => ({ what, got })));
    expect(taken.attempts).toEqual(withAbsent(expected, taken.attempts));
    expect(readFileSync(writable, 'utf8')).toBe('text');
    expect(readdirSync(drop)).toEqual([]);
    expect(readFileSync(path.log, 'utf8')).toMatch(/^\{"event":"lie"\}\nx/);
    expect(await datagrams()).toBe('nothing came');
    expect(descriptorCountOf(run.pid)).toBe(held);
    come(tcp);
    await run.event('started');
  });
});

/** What this machine does not have, such as a device, cannot be had from it either. */
function withAbsent(
  expected: readonly { readonly what: string; readonly got: string }[],
  attempts: readonly { readonly what: unknown; readonly got: unknown }[],
): readonly object[] {
  return expected.map((row, at) => {
    const got = attempts[at]?.got;
    const isAbsent = row.got !== 'allowed' && (got === 'ENOENT' || got === 'ENOSYS');
    return isAbsent ? { ...row, got } : row;
  });
}
