import { chownSync, closeSync, openSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot, unprivilegedUser } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';
import { Upgraded } from './upgraded.ts';

const echo = { listen: 'tcp://127.0.0.1:0', server: handler('echo') };
const BIND_SERVICE = 2 ** 10;

/** Of the descriptors of a process that are memory, those that somebody could still write. */
function writable(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    const path = `/proc/${pid}/fd/${fd}`;
    const link = readlinkSync(path);
    if (!link.startsWith('/memfd:')) return [];
    const file = openSync(path, 'r+');
    try {
      return writeSync(file, 'x') === 1 ? [link] : [];
    } catch {
      return [];
    } finally {
      closeSync(file);
    }
  });
}

function capabilities(pid: number): readonly number[] {
  return ['CapPrm', 'CapEff', 'CapAmb'].map((name) => Number.parseInt(statusOf(pid, name) ?? '', 16));
}

describe.runIf(isRoot)('zinetd upgrade', () => {
  test('goes over to what nobody can change any more (S115)', async () => {
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start({ echo: { ...echo, user: 'nobody' } });
    expect((await upgraded.upgrade()).error).toBeUndefined();
    await zinetd.event('upgraded');
    expect(writable(zinetd.pid)).toEqual([]);
    await zinetd.settled();
  }, 60_000);

  test('keeps the capabilities of one that is not root, and gives handlers none', async () => {
    const upgraded = new Upgraded();
    const as = unprivilegedUser();
    chownSync(dirname(upgraded.control), as?.uid ?? 0, as?.gid ?? 0);
    const zinetd = await upgraded.start({ echo }, { as, ambient: ['net_bind_service'] });
    expect(capabilities(zinetd.pid)).toEqual([BIND_SERVICE, BIND_SERVICE, 0]);
    expect((await upgraded.upgrade()).error).toBeUndefined();
    await zinetd.event('upgraded');
    expect(capabilities(zinetd.pid)).toEqual([BIND_SERVICE, BIND_SERVICE, 0]);
    const held = await connect(zinetd.port('echo'));
    const { pid } = await zinetd.event('started');
    expect(capabilities(Number(pid))).toEqual([0, 0, 0]);
    held.halfClose();
    expect(await held.readAll()).toBe('');
    await zinetd.settled();
  }, 60_000);
});
