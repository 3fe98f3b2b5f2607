import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { findPrefix } from '../../src/admission/find-prefix.ts';
import { buildPrefixTable } from '../../src/compile/prefix-table.ts';
import { addressKey, formatAddress, parseAddress } from '../../src/model/address.ts';
import { formatPrefix, type Prefix, prefixContains, prefixOf } from '../../src/model/prefix.ts';
import { PrefixListBuilder } from '../../src/model/prefix-list.ts';
import type { PrefixTable } from '../../src/model/prefix-table.ts';
import { near, randomAddress, randomPrefixes, randomWords } from '../model/random-prefixes.ts';

const SEED = 20_261_124;
const PAIRS = 1_000_000;
const ORACLE = 'test/fixtures/oracle/longest-prefix.py';

function tableOf(rules: readonly (readonly [Prefix, number])[]): PrefixTable {
  const builder = new PrefixListBuilder();
  for (const [prefix, value] of rules) builder.add(prefix, value);
  return buildPrefixTable(builder.finish());
}

/** A rule as a person reads it: one after the other, the longest that matches, the first of equal ones. */
function interpret(rules: readonly (readonly [Prefix, number])[], key: Uint8Array) {
  let best: { length: number; value: number } | undefined;
  for (const [prefix, value] of rules) {
    if ((best === undefined || prefix.length > best.length) && prefixContains(prefix, key)) {
      best = { length: prefix.length, value };
    }
  }
  return best;
}

function prefix(text: string): Prefix {
  const [address = '', length] = text.split('/');
  const bytes = parseAddress(address) ?? new Uint8Array();
  return { bytes, length: length === undefined ? bytes.length * 8 : Number(length) };
}

function key(text: string): Uint8Array {
  return parseAddress(text) ?? new Uint8Array();
}

/** Sets of rules and addresses, many of them near a rule. */
function* randomSets(options: { readonly perSet: number; readonly mostRules: number }) {
  const word = randomWords(SEED);
  for (let done = 0; done < PAIRS; done += options.perSet) {
    const prefixes = randomPrefixes(word, 1 + (word() % options.mostRules));
    const keys = Array.from({ length: options.perSet }, () => {
      const rule = prefixes[word() % prefixes.length];
      return rule === undefined || word() % 4 === 0 ? randomAddress(word) : near(rule, word);
    });
    yield { prefixes, keys };
  }
}

describe('the table of prefixes', () => {
  test('finds what Python finds for a million pairs of rules and addresses (S46)', {
    timeout: 120_000,
  }, () => {
    const lines: string[] = [];
    const found: string[] = [];
    for (const { prefixes, keys } of randomSets({ perSet: 250, mostRules: 14 })) {
      lines.push('S');
      const first = lines.length + 1;
      const table = tableOf(prefixes.map((it, index) => [it, first + index]));
      for (const it of prefixes) lines.push(`R ${formatPrefix(it)}`);
      for (const it of keys) {
        lines.push(`A ${formatAddress(it)}`);
        found.push(String(findPrefix(table, it)?.value ?? 0));
      }
    }
    const path = join(inject('testHome'), 'prefix-questions.txt');
    writeFileSync(path, `${lines.join('\n')}\n`);
    const input = openSync(path, 'r');
    const answers = execFileSync('python3', [ORACLE], {
      stdio: [input, 'pipe', 'inherit'],
      maxBuffer: 2 ** 26,
      encoding: 'utf8',
    }).split('\n');
    closeSync(input);
    expect(answers.pop()).toBe('');
    expect(answers.length).toBe(PAIRS);
    const hits = answers.filter((answer) => answer !== '0').length;
    expect(hits).toBeGreaterThan(PAIRS / 4);
    expect(hits).toBeLessThan(PAIRS);
    expect(answers.findIndex((answer, index) => answer !== found[index])).toBe(-1);
  });

  test('agrees with reading the rules one by one in a million cases (S54)', { timeout: 120_000 }, () => {
    let differences = 0;
    for (const { prefixes, keys } of randomSets({ perSet: 500, mostRules: 40 })) {
      const rules = prefixes.map((it, index) => [it, index + 1] as const);
      const table = tableOf(rules);
      for (const it of keys) {
        const [left, right] = [findPrefix(table, it), interpret(rules, it)];
        if (left?.length !== right?.length || left?.value !== right?.value) differences += 1;
      }
    }
    expect(differences).toBe(0);
  });

  test('agrees with them for a long list too, where nodes have many children (S54)', () => {
    const word = randomWords(SEED);
    const rules = randomPrefixes(word, 20_000).map((it, index) => [it, index + 1] as const);
    const table = tableOf(rules);
    for (let done = 0; done < 1000; done++) {
      const it = near(rules[word() % rules.length]?.[0] ?? prefix('0.0.0.0/0'), word);
      expect(findPrefix(table, it)).toEqual(interpret(rules, it));
    }
  });

  test('holds nothing when it is empty, and everything with a prefix of length 0', () => {
    const keys = [key('192.0.2.1'), key('2001:db8::1')];
    expect(keys.map((it) => findPrefix(tableOf([]), it))).toEqual([undefined, undefined]);
    const all = tableOf([
      [prefix('0.0.0.0/0'), 1],
      [prefix('::/0'), 2],
    ]);
    expect(keys.map((it) => findPrefix(all, it)?.value)).toEqual([1, 2]);
    expect(findPrefix(tableOf([[prefix('0.0.0.0/0'), 1]]), key('::1'))).toBeUndefined();
  });

  test('gives the line of the first of equal prefixes, and a prefix for the message (S46)', () => {
    const table = tableOf([
      [prefix('10.0.0.0/8'), 7],
      [prefix('10.0.0.0/8'), 3],
      [prefix('10.1.0.0/16'), 9],
    ]);
    expect(findPrefix(table, key('10.2.3.4'))).toEqual({ length: 8, value: 7 });
    expect(findPrefix(table, key('10.1.3.4'))).toEqual({ length: 16, value: 9 });
    expect(formatPrefix(prefixOf(key('10.1.3.4'), 16))).toBe('10.1.0.0/16');
  });

  test('answers the same when asked twice and in any order, and changes nothing (S55)', () => {
    const word = randomWords(SEED + 1);
    const [first, second] = [randomPrefixes(word, 50), randomPrefixes(word, 50)].map((prefixes) =>
      tableOf(prefixes.map((it, index) => [it, index])),
    );
    if (!first || !second) throw new Error('two tables were made');
    const keys = Array.from({ length: 2000 }, () => randomAddress(word));
    const copies = structuredClone({ first, second, keys });
    const alone = [first, second].map((table) => keys.map((it) => findPrefix(table, it)));
    const interleaved = keys.map((it) => [
      findPrefix(first, it),
      findPrefix(second, it),
      findPrefix(first, it),
    ]);
    expect(interleaved.map(([answer]) => answer)).toEqual(alone[0]);
    expect(interleaved.map(([, answer]) => answer)).toEqual(alone[1]);
    expect(interleaved.map(([, , answer]) => answer)).toEqual(alone[0]);
    expect({ first, second, keys }).toEqual(copies);
  });

  test('tells the peer from the local address: only what it is given is looked at (S45)', () => {
    const table = tableOf([[prefix('192.0.2.0/24'), 1]]);
    const peer = { family: 4, bytes: key('198.51.100.7'), port: 4000, scopeId: 0 } as const;
    const local = { family: 4, bytes: key('192.0.2.1'), port: 79, scopeId: 0 } as const;
    expect(findPrefix(table, addressKey(peer))).toBeUndefined();
    expect(findPrefix(table, addressKey(local))?.value).toBe(1);
  });
});
