import { describe, expect, test } from 'vitest';
import { matchAddress } from '../../src/admission/match-list.ts';
import { buildPrefixTable } from '../../src/compile/prefix-table.ts';
import { parseAddress } from '../../src/model/address.ts';
import { unixPeerBytes, vsockBytes } from '../../src/model/local-peer.ts';
import type { AccessList, PeerRule } from '../../src/model/policy.ts';
import { prefixOf } from '../../src/model/prefix.ts';
import { PrefixListBuilder } from '../../src/model/prefix-list.ts';

function tableOf(file: string, prefixes: Readonly<Record<string, number>>) {
  const builder = new PrefixListBuilder();
  for (const [index, [address, length]] of Object.entries(prefixes).entries())
    builder.add(prefixOf(parseAddress(address) ?? new Uint8Array(4), length), index + 1);
  return buildPrefixTable(builder.finish(), file);
}

function peer(kind: PeerRule['kind'], id: number): PeerRule {
  return { kind, id, text: `${kind}:${id}`, file: 'a.yaml', line: 1 };
}

const NONE: AccessList = { tables: [], names: [], peers: [] };

describe('a rule about an address', () => {
  const wide = tableOf('wide', { '10.0.0.0': 8 });
  const narrow = tableOf('narrow', { '192.0.2.0': 24, '10.1.0.0': 16 });
  const key = parseAddress('10.1.2.3') ?? new Uint8Array();

  test('is the most specific of all lists, in whichever order they are written (S54)', () => {
    for (const tables of [
      [wide, narrow],
      [narrow, wide],
    ]) {
      const match = matchAddress({ ...NONE, tables }, key);
      expect(match?.rule).toMatchObject({ text: '10.1.0.0/16', file: 'narrow', line: 2 });
      expect(match?.score).toBe(64);
    }
  });

  test('is the first written of two that say the same', () => {
    const tables = [wide, tableOf('again', { '10.0.0.0': 8 })];
    expect(matchAddress({ ...NONE, tables }, key)?.rule.file).toBe('wide');
    expect(matchAddress({ ...NONE, tables }, parseAddress('11.0.0.1') ?? new Uint8Array())).toBeUndefined();
  });
});

describe('a rule about who is at a unix socket', () => {
  const list: AccessList = {
    ...NONE,
    tables: [tableOf('all', { '::': 0 })],
    peers: [peer('gid', 7), peer('uid', 1000)],
  };

  test('is one about the user before one about the group, and a user counts more', () => {
    const both = matchAddress(list, unixPeerBytes({ uid: 1000, gid: 7, pid: 1 }));
    expect([both?.rule.text, both?.score]).toEqual(['uid:1000', 128]);
    const group = matchAddress(list, unixPeerBytes({ uid: 1001, gid: 7, pid: 1 }));
    expect([group?.rule.text, group?.score]).toEqual(['gid:7', 64]);
  });

  test('is none for another user, nor for who comes by vsock, not even ::/0', () => {
    expect(matchAddress(list, unixPeerBytes({ uid: 7, gid: 1000, pid: 1 }))).toBeUndefined();
    expect(matchAddress(list, vsockBytes(1000))).toBeUndefined();
  });
});
