import { describe, expect, test } from 'vitest';
import { encodeTable } from '../../src/compile/table.ts';
import { parseAddress } from '../../src/model/address.ts';
import type { Config } from '../../src/model/config.ts';
import type { ListenScheme } from '../../src/model/listen-address.ts';
import type { Listener, Service } from '../../src/model/service.ts';
import { configOf, exampleConfig, plain } from './example.ts';

/** As `enum listener_flag` of format.h has them. */
const FLAGS = ['wait', 'path', 'shared', 'group', 'inherited'] as const;
const NO_ID = 0xffff_ffff;

/** What the spawner would read. */
class Table {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(config: Config) {
    this.#bytes = encodeTable(config);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  text(at: number): string {
    const [offset, end] = [this.u32(at), this.#bytes.indexOf(0, this.u32(at))];
    return new TextDecoder().decode(this.#bytes.subarray(offset, end));
  }

  /** Where the rows of a span begin. */
  rows(at: number, bytes: number): readonly number[] {
    return Array.from({ length: this.u32(at + 4) }, (_, index) => this.u32(at) + index * bytes);
  }

  get listeners() {
    return this.rows(16, 152).map((at) => ({
      flags: FLAGS.filter((_, bit) => (this.u32(at + 8) & (1 << bit)) !== 0),
      type: this.u16(at + 16),
      protocol: this.u16(at + 18),
      number: this.u32(at + 20),
      owner: [this.u32(at + 24), this.u32(at + 28)],
    }));
  }
}

function listener(scheme: ListenScheme, changes: Partial<Listener> = {}): Listener {
  const address = { family: 4, bytes: Uint8Array.of(127, 0, 0, 1), port: 69, scopeId: 0 } as const;
  return { scheme, address, backlog: 0, options: [], isMptcp: false, owner: undefined, ...changes };
}

function tableOf(listeners: readonly Listener[], changes: Partial<Service> = {}): Table {
  return new Table(configOf([{ ...plain, listeners, ...changes }]));
}

function flagsOf(one: Listener, changes: Partial<Service> = {}) {
  return tableOf([one], changes).listeners[0]?.flags;
}

describe('a listener in the launch table', () => {
  test('of datagrams is shared with the sockets of its peers, unless a handler or zinetd itself reads it', () => {
    const udp = listener('udp');
    expect(flagsOf(udp)).toEqual(['shared']);
    expect(flagsOf(udp, { isWaiting: true })).toEqual(['wait']);
    expect(flagsOf(udp, { builtin: { kind: 'discard' } as Service['builtin'], programs: [] })).toEqual([]);
    expect(flagsOf(listener('tcp'))).toEqual([]);
  });

  test.each(['239.1.2.3', 'ff02::1'])('of datagrams to %s joins the group', (text) => {
    const bytes = parseAddress(text) ?? new Uint8Array();
    const address = { family: bytes.length === 4 ? 4 : 6, bytes, port: 69, scopeId: 0 } as const;
    expect(flagsOf(listener('udp', { address }), { isWaiting: true })).toEqual(['wait', 'group']);
    expect(flagsOf(listener('tcp', { address }))).toEqual([]);
  });

  test('that zinetd was started with is told by its number, and made by nobody', () => {
    const inherited = listener('unix-dgram', { inherited: { number: 3, name: 'log' } });
    expect(tableOf([inherited]).listeners).toMatchObject([{ flags: ['inherited'], type: 2, number: 3 }]);
    expect(flagsOf(inherited, { isWaiting: true })).toEqual(['wait', 'inherited']);
  });

  test('has the protocol of its scheme, MPTCP where that is wanted, and the owner of its path', () => {
    const address = { family: 'path', path: '/run/x' } as const;
    const { listeners } = tableOf([
      listener('tcp', { isMptcp: true }),
      listener('tcp'),
      listener('unix-seqpacket', { address, owner: { mode: 0o660, uid: 7, gid: undefined } }),
    ]);
    expect(listeners).toMatchObject([
      { type: 1, protocol: 262 },
      { type: 1, protocol: 6 },
      { flags: ['path'], type: 5, protocol: 0, number: 0o660, owner: [7, NO_ID] },
    ]);
  });
});

test('the launch table has the tree of cgroups, step by step, and the cgroup of each service', () => {
  const table = new Table(exampleConfig);
  const steps = (at: number) =>
    table.rows(at, 16).map((row) => {
      const [step, path] = [table.u32(row), table.text(row + 4)];
      return table.u32(row + 8) === 0 ? [step, path] : [step, path, table.text(row + 8)];
    });
  expect(steps(48)).toEqual([
    [2, 'zinetd-1/service-gone'],
    [0, 'zinetd-1/service-echo'],
    [1, 'zinetd-1/service-echo/memory.max', '65536'],
  ]);
  expect(steps(56)).toEqual([[2, 'zinetd-1']]);
  expect(table.text(64)).toBe('/sys/fs/cgroup/example');
  const services = table.rows(24, 32).map((row) => (table.u32(row + 28) === 0 ? '' : table.text(row + 28)));
  expect(services).toEqual(['zinetd-1/service-echo', '']);
  expect(new Table(configOf([plain])).u32(64)).toBe(0);
});

test('the launch table has files to write to with path and mode, and sockets with their addresses', () => {
  const table = new Table(exampleConfig);
  const [file = 0, socket = 0, six = 0, path = 0] = table.rows(40, 136);
  expect([table.u32(file), table.u32(file + 4), table.text(file + 8)]).toEqual([
    ...[0, 0o640, '/var/log/example'],
  ]);
  const sizes = [socket, six, path].map((row) => [table.u32(row), table.u32(row + 12), table.u16(row + 16)]);
  expect(sizes).toEqual([
    [1, 16, 1],
    [1, 28, 1],
    [1, 2 + '/run/example.sock'.length + 1, 2],
  ]);
});
