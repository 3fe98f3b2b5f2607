import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSpawner, loadBinding, NativeLoadError } from '../../src/native/load.ts';

const empty = `${mkdtempSync(join(tmpdir(), 'zinetd-load-'))}/`;
const broken = `${mkdtempSync(join(tmpdir(), 'zinetd-load-'))}/`;
writeFileSync(`${broken}zinetd_addon.node`, 'not an addon');
writeFileSync(`${broken}zinetd-spawner`, 'not executable', { mode: 0o644 });

describe('loading the native pieces', () => {
  test('names every path that was tried, each with its reason, and what to do', () => {
    let message = '';
    try {
      loadBinding([empty, broken]);
    } catch (error) {
      if (error instanceof NativeLoadError) message = error.message;
    }
    const lines = message.split('\n');
    expect(lines[0]).toBe('Cannot load zinetd_addon.node:');
    expect(lines[1]).toMatch(new RegExp(`^ {2}${empty}zinetd_addon.node: Cannot find module`));
    expect(lines[2]).toMatch(
      new RegExp(`^ {2}${broken}zinetd_addon.node: .*(invalid ELF header|file too short)`),
    );
    expect(lines[3]).toMatch(/npm ci/);
  });

  test('does not take a spawner that cannot be executed', () => {
    expect(() => findSpawner([broken])).toThrow(/EACCES|ENOENT/);
  });
});
