import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/config/host.ts';
import { printResolution } from '../../src/config/print.ts';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { loadText } from './load-text.ts';

const own = { ownerUid: process.getuid?.() ?? 0 };

/** What is printed of one service, which must load to the same again. */
function printed(attributes: Readonly<Record<string, unknown>>, host: Host = fakeHost()): string {
  const service = { listen: 'tcp://127.0.0.1:0', server: '/bin/true', ...attributes };
  const print = (text: string): string => {
    const { resolved, diagnostics } = loadText(text, host);
    if (!resolved) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    return printResolution(resolved);
  };
  const text = print(JSON.stringify({ version: 1, services: { s: service } }));
  expect(print(text)).toBe(text);
  return text;
}

test('a dynamic user is printed as it is written, and nobody beside it', () => {
  const text = printed({ dynamic_user: true });
  expect(text).toContain('dynamic_user: true');
  expect(text).not.toMatch(/^ +(user|group|groups):/m);
});

test('without root nobody is printed whom nobody has written', () => {
  expect(printed({}, fakeHost({ ownerUid: 1000 }))).not.toMatch(/^ +(user|group):/m);
});

test('sockets that zinetd was started with are printed by their name, once', () => {
  const socket = (number: number) => {
    const address = {
      family: 4,
      bytes: Uint8Array.of(127, 0, 0, 1),
      port: 7000 + number,
      scopeId: 0,
    } as const;
    return { number, name: 'web', state: { place: { scheme: 'tcp', address }, isMptcp: false } } as const;
  };
  const host = fakeHost({ sockets: [socket(0), socket(1)] });
  const text = printed({ listen: 'fd://web', user: 'nobody' }, host);
  expect(text.match(/fd:\/\/web/g)).toHaveLength(1);
});

test('a file of variables is printed by its path', () => {
  const path = join(scratch('print'), 'env');
  writeFileSync(path, 'A=b\n', { mode: 0o644 });
  const host = fakeHost({ ...own, findUserById: () => undefined });
  expect(printed({ user: 'nobody', env_file: path }, host)).toContain(`env_file: ${path}`);
});
