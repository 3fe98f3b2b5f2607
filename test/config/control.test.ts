import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Service } from '../../src/model/service.ts';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText } from './load-text.ts';

const ownerUid = process.getuid?.() ?? 0;

function load(control: unknown, options: { readonly listen?: string; readonly controlPath?: string } = {}) {
  const { listen = 'tcp://127.0.0.1:0', controlPath } = options;
  const services = { echo: { listen, builtin: 'echo' } };
  return loadText(
    JSON.stringify({ version: 1, ...(control === undefined ? {} : { control }), services }, null, 1),
    fakeHost({ ownerUid, controlPath }),
  );
}

/** Kind, path, and who may come in. */
function describeDesk({ desk, listeners }: Service): readonly unknown[] {
  const [listener] = listeners;
  const path = listener?.address.family === 'path' ? listener.address.path : undefined;
  return [desk, path, listener?.owner?.mode.toString(8), listener?.owner?.gid];
}

describe('the control socket (S114)', () => {
  test('is where --control says, for its owner alone, unless the configuration has another place, or none', () => {
    const home = scratch('desk');
    const given = { controlPath: join(home, 'given') };
    const desks = (control: unknown) => load(control, given).config?.desks.map(describeDesk);
    expect(desks(undefined)).toEqual([['control', join(home, 'given'), '600', undefined]]);
    expect(desks({ socket: join(home, 'written') })).toEqual([
      ['control', join(home, 'written'), '600', undefined],
    ]);
    expect(desks('none')).toEqual([]);
    expect(load(undefined).config?.desks).toEqual([]);
  });

  test('can have a second one beside it that only tells, for whom its mode and group let in', () => {
    const home = scratch('desk');
    const socket = join(home, 'read');
    const desks = (read_only: unknown) => load({ read_only }).config?.desks.map(describeDesk);
    expect(desks({ socket })).toEqual([['control-read', socket, '660', undefined]]);
    expect(desks({ socket, mode: '0666', group: 'ftp' })).toEqual([['control-read', socket, '666', 120]]);
    expect(codes(load({ read_only: { socket, group: 'nogroup' } }))).toEqual(['config/unknown-group']);
  });

  test('is refused, with its place, where its path is too long for a socket', () => {
    const result = load({ socket: `/${'x'.repeat(107)}` });
    expect(codes(result)).toEqual(['config/invalid-value']);
    const [fault] = result.diagnostics;
    expect(fault?.message).toContain('for "control.socket": the path is longer than 107 bytes');
    expect(fault?.span.range?.line).toBe(4);
    expect(codes(load({ read_only: { socket: `/${'x'.repeat(107)}` } }))).toEqual(['config/invalid-value']);
  });

  test('is refused where others could put a socket of theirs in its place, or where nothing is', () => {
    const home = scratch('desk');
    chmodSync(home, 0o777);
    expect(codes(load({ socket: join(home, 'control') }))).toEqual(['config/untrusted-path']);
    expect(codes(load({ read_only: { socket: join(home, 'control') } }))).toEqual(['config/untrusted-path']);
    expect(codes(load({ socket: join(home, 'missing', 'control') }))).toContain('config/untrusted-path');
    expect(codes(load({ socket: join(scratch('desk'), 'missing', 'control') }))).toEqual([
      'config/unreadable',
    ]);
  });

  test('cannot be the same socket twice, or that of a service', () => {
    const socket = join(scratch('desk'), 'control');
    expect(codes(load({ socket, read_only: { socket } }))).toEqual(['config/duplicate-listener']);
    expect(codes(load({ read_only: { socket } }, { controlPath: socket }))).toEqual([
      'config/duplicate-listener',
    ]);
    expect(codes(load({ socket }, { listen: `unix://${socket}` }))).toEqual(['config/duplicate-listener']);
  });
});
