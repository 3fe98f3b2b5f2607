import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RpcRegistration } from '../../../src/model/rpc.ts';
import { connectRpcbind } from '../../../src/resolver/rpc/connect-rpcbind.ts';
import { encodeRecord } from '../../../src/resolver/rpc/encode-record.ts';
import { Registrar } from '../../../src/resolver/rpc/registrar.ts';
import { until } from '../../harness/until.ts';
import { PlayedRpcbind } from './played-rpcbind.ts';

const DEADLINE_MS = 5000;
const RSTATD: RpcRegistration = {
  ...{ program: 100_001, low: 1, high: 3, netid: 'tcp', address: '0.0.0.0.3.0' },
};
const STALE = { program: 100_001, version: 2, netid: 'tcp', address: '0.0.0.0.9.9' };

/** A registrar whose timers the test plays; `told` is what it reported. */
function registrarOf(rpcbind: PlayedRpcbind) {
  const told: string[] = [];
  const timers = new Map<() => void, number>();
  const after = (delayMs: number, callback: () => void) => {
    timers.set(callback, delayMs);
    return () => void timers.delete(callback);
  };
  const registrar = new Registrar({
    connect: () => connectRpcbind([{ path: rpcbind.path }], after),
    after,
    report: (id, state) => {
      told.push([id, ...Object.values(state)].filter((it) => it !== undefined).join(' '));
    },
  });
  const waits = (): readonly number[] => [...timers.values()].filter((ms) => ms !== DEADLINE_MS);
  return {
    ...{ registrar, told, waits },
    /** Lets the timers of this length expire, once there is one. */
    pass: async (delayMs: number) => {
      const isDue = () => [...timers].find(([, ms]) => ms === delayMs)?.[0];
      const callback = await until(isDue, {
        what: `something waits for ${delayMs} ms: ${[...timers.values()]}`,
      });
      timers.delete(callback);
      callback();
    },
    says: (line: string) => until(() => told.at(-1) === line, { what: `"${line}" is told: ${told}` }),
  };
}

async function started() {
  const rpcbind = new PlayedRpcbind();
  await rpcbind.start();
  return { rpcbind, ...registrarOf(rpcbind) };
}

const ALL = [1, 2, 3].map((version) => `100001.${version} tcp 0.0.0.0.3.0`);

describe('the registrar', () => {
  test('has rpcbind hold each version, and no more once it is told so', async () => {
    const { rpcbind, registrar, says, told } = await started();
    registrar.register(1, RSTATD);
    await says('1 registered');
    expect(rpcbind.held).toEqual(ALL);
    registrar.unregister(1);
    await says('1 gone');
    expect(rpcbind.held).toEqual([]);
    expect(told).toEqual(['1 registered', '1 gone']);
  });

  test('undoes what it left behind earlier, and takes as it is what is right', async () => {
    const { rpcbind, registrar, says } = await started();
    rpcbind.mappings = [
      { ...STALE, owner: '61185' },
      { ...STALE, version: 3, address: RSTATD.address, owner: 'superuser' },
    ];
    registrar.register(1, RSTATD);
    await says('1 registered');
    expect([...rpcbind.held].sort()).toEqual(ALL);
  });

  test('says who holds a version, tries again, and says when it has it', async () => {
    const { rpcbind, registrar, says, told, pass } = await started();
    rpcbind.mappings = [{ ...STALE, owner: 'superuser' }];
    registrar.register(1, RSTATD);
    await says('1 failed held superuser');
    expect(rpcbind.held).toEqual([
      '100001.2 tcp 0.0.0.0.9.9',
      '100001.1 tcp 0.0.0.0.3.0',
      '100001.3 tcp 0.0.0.0.3.0',
    ]);
    const { length } = rpcbind.calls;
    await pass(30_000);
    await until(() => rpcbind.calls.length > length + 4, { what: 'it has tried again' });
    rpcbind.mappings.shift();
    await pass(30_000);
    await says('1 registered');
    expect(told).toEqual(['1 failed held superuser', '1 registered']);
  });

  test('leaves alone what is not its own when it undoes', async () => {
    const { rpcbind, registrar, says } = await started();
    rpcbind.mappings = [{ ...STALE, owner: 'superuser' }];
    registrar.register(1, RSTATD);
    await says('1 failed held superuser');
    registrar.unregister(1);
    await says('1 gone');
    expect(rpcbind.held).toEqual(['100001.2 tcp 0.0.0.0.9.9']);
    expect(rpcbind.calls.filter((it) => it === 'unset 100001.2 tcp')).toHaveLength(1);
  });

  test('sets all anew in another rpcbind, and tells nothing when that was quick', async () => {
    const { rpcbind, registrar, says, pass, told } = await started();
    registrar.register(1, RSTATD);
    registrar.register(2, { ...RSTATD, netid: 'udp6', address: '::.3.1' });
    await says('2 registered');
    rpcbind.stop();
    await rpcbind.start();
    await pass(1000);
    await until(() => rpcbind.held.length === 6, { what: 'all is registered again' });
    expect(told).toEqual(['1 registered', '2 registered']);
  });

  test('waits longer each time for an rpcbind that is not there, and tells once', async () => {
    const { rpcbind, registrar, says, pass, told, waits } = await started();
    rpcbind.stop();
    registrar.register(1, RSTATD);
    await says('1 failed unreachable ENOENT');
    for (const delayMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) await pass(delayMs);
    await until(() => waits().length > 0, { what: 'it waits again' });
    registrar.register(2, { ...RSTATD, program: 7 });
    await rpcbind.start();
    await pass(30_000);
    await says('2 registered');
    expect(told).toEqual(['1 failed unreachable ENOENT', '1 registered', '2 registered']);
    rpcbind.stop();
    await pass(1000);
    await says('2 failed unreachable ENOENT');
  });

  test('that is asked to undo while rpcbind is away says at once that nothing is left', async () => {
    const { rpcbind, registrar, says, pass, waits } = await started();
    registrar.register(1, RSTATD);
    await says('1 registered');
    rpcbind.stop();
    await pass(1000);
    await says('1 failed unreachable ENOENT');
    registrar.unregister(1);
    await says('1 gone');
    expect(waits()).toEqual([]);
  });

  test('undoes what it was still about to do', async () => {
    const { rpcbind, registrar, says, told } = await started();
    rpcbind.spoil = ({ mapping }) => {
      if (mapping.version === 2) registrar.unregister(1);
      return undefined;
    };
    registrar.register(1, RSTATD);
    await says('1 gone');
    expect(rpcbind.held).toEqual([]);
    expect(rpcbind.calls).not.toContain('set 100001.3 tcp');
    registrar.unregister(1);
    await says('1 gone');
    expect(told).toEqual(['1 gone', '1 gone']);
  });
});

/** A header of a record that says how long it is, and less. */
const ENDLESS = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1, 2, 3);

/** What would do for an answer, but for its number. */
const ANOTHER = Buffer.from('ffffffff000000010000000000000000000000000000000000000001', 'hex');

describe('an rpcbind gone bad', () => {
  test('that never answers is left after 5 seconds', async () => {
    const { rpcbind, registrar, says, pass } = await started();
    rpcbind.spoil = () => new Uint8Array(0);
    registrar.register(1, RSTATD);
    await until(() => rpcbind.calls.length > 0, { what: 'it is asked' });
    await pass(DEADLINE_MS);
    await says('1 failed unreachable ETIMEDOUT');
    rpcbind.spoil = () => undefined;
    await pass(1000);
    await says('1 registered');
  });

  test.each([
    ['ends', 'end', 'ECONNRESET'],
    ['sends a record without end', ENDLESS, 'EBADMSG'],
    ['answers another call', encodeRecord(ANOTHER), 'EBADMSG'],
    ['calls instead of answering', encodeRecord(Buffer.alloc(28)), 'EBADMSG'],
  ] as const)('that %s is asked again later', async (_, answer, code) => {
    const { rpcbind, registrar, says, pass } = await started();
    rpcbind.spoil = () => answer;
    registrar.register(1, RSTATD);
    await says(`1 failed unreachable ${code}`);
    rpcbind.spoil = () => undefined;
    await pass(1000);
    await says('1 registered');
  });

  test('that refuses calls is told as that', async () => {
    const { rpcbind, registrar, says } = await started();
    rpcbind.spoil = ({ xid }) => {
      const mismatch = Buffer.from('0000000000000001000000000000000000000000000000020000000200000003', 'hex');
      mismatch.writeUInt32BE(xid);
      return encodeRecord(mismatch);
    };
    registrar.register(1, RSTATD);
    await says('1 failed refused PROG_MISMATCH');
  });

  test('may answer with any bytes: it is told, and a good one is taken again (S100)', async () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ bytes, isResults: false })),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ bytes, isResults: true })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { minLength: 1, maxLength: 6 }), async (noises) => {
        const { rpcbind, registrar, says, told } = await started();
        let index = 0;
        rpcbind.spoil = ({ xid }) => {
          const { bytes, isResults } = noises[index++] ?? { bytes: undefined, isResults: false };
          if (!bytes) return 'end';
          const head = Buffer.alloc(24);
          head.writeUInt32BE(xid, 0);
          head.writeUInt32BE(1, 4);
          return isResults ? encodeRecord(Buffer.concat([head, bytes])) : Buffer.concat([bytes, head]);
        };
        registrar.register(1, RSTATD);
        await until(() => told.length > 0 || rpcbind.calls.length > 0, { what: 'it is asked' });
        rpcbind.spoil = () => 'end';
        rpcbind.stop();
        await until(() => told.length > 0, { what: 'its end is told' });
        registrar.unregister(1);
        await says(told.at(-1) ?? '');
      }),
      { numRuns: 40 },
    );
  });
});
