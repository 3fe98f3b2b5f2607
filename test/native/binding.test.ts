import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Binding } from '../../src/native/binding.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { loadBinding } from '../../src/native/load.ts';
import { acceptedPair } from '../harness/accepted-pair.ts';
import { until } from '../harness/until.ts';

const { errno } = constants;
const binding = loadBinding();

/** The binding without its types, to call it wrongly. */
const untyped = binding as unknown as Record<string, (...args: unknown[]) => unknown>;

describe('the addon', () => {
  test('answers wrong arguments with -EINVAL and never with a guess (S138)', () => {
    const small = new Uint8Array(3);
    const calls: readonly [keyof Binding, unknown[]][] = [
      ['accept', []],
      ['accept', ['3', new Uint8Array(24)]],
      ['accept', [3, small]],
      ['localEndpoint', [3, small]],
      ['send', [3, 'text', -1]],
      ['send', [3, new Uint8Array(1)]],
      ['receive', [3, new Uint8Array(1), new Int32Array(0)]],
      ['sendBatch', [3, new Uint8Array(8), Int32Array.of(9, -1), 1]],
      ['sendBatch', [3, new Uint8Array(8), Int32Array.of(-1, -1), 1]],
      ['sendBatch', [3, new Uint8Array(8), Int32Array.of(8, -1), 2]],
      ['sendBatch', [3, new Uint8Array(8), new Int32Array(66), 33]],
      ['sendBatch', [3, new Uint8Array(8), Int32Array.of(8, -1), 0]],
      ['receiveBatch', [3, new Uint8Array(8), new Int32Array(1)]],
      ['receiveBatch', [3, new Uint8Array(99), new Int32Array(66)]],
      ['socketPair', [new Int32Array(1)]],
      ['packetPair', [new Int32Array(1)]],
      ['watch', [1, 2, 3]],
      ['forget', [null, 2]],
      ['shutdownWrite', ['3']],
      ['socketError', []],
      ['setNoDelay', [null]],
      ['close', [{}]],
      ['interfaceIndex', ['lo\0x']],
      ['network', ['loopback', small]],
      ['limits', [new Float64Array(31)]],
      ['sealedMemfd', ['text']],
      ['lockDown', [new Uint8Array(9)]],
      ['pollerOpen', [new Uint32Array(2), () => {}]],
      ['rpcProgram', ['rstatd', small]],
      ['groupsOf', ['root', -1.5]],
      ['netgroupHosts', ['name', new Uint8Array(0)]],
      ['netgroupHosts', ['cut\0short', new Uint8Array(9)]],
      ['exec', ['/bin/true', 'argv', [], 0]],
      ['exec', ['/bin/true', ['true'], [1], 0]],
    ];
    for (const [name, args] of calls) expect([name, untyped[name]?.(...args)]).toEqual([name, -errno.EINVAL]);
  });

  test('gives -errno of the kernel for descriptors that are none', () => {
    expect(binding.accept(9999, new Uint8Array(24))).toBe(-errno.EBADF);
    expect(binding.close(9999)).toBe(-errno.EBADF);
    expect(binding.writable(9999)).toBe(1); // POLLNVAL counts as ready: the write says what is wrong
  });

  test('knows users, groups and services as the C library does, and cuts no name short (S51)', () => {
    expect(binding.userByName('root')).toEqual({ name: 'root', uid: 0, gid: 0, home: '/root' });
    expect(binding.userById(0)).toEqual({ name: 'root', uid: 0, gid: 0, home: '/root' });
    expect(binding.userByName('no-such-user')).toBe(0);
    expect(binding.userByName('root\0x')).toBe(0);
    expect(binding.userByName(`root${'x'.repeat(300)}`)).toBe(0);
    expect(binding.servicePort('ftp', 'tcp')).toBe(21);
    expect(binding.servicePort('no-such-service', 'tcp')).toBe(0);
    const program = new Uint32Array(1);
    expect([binding.rpcProgram('rstat', program), program[0]]).toEqual([1, 100_001]);
    expect(binding.rpcProgram('no-such-program', program)).toBe(0);
    expect(binding.interfaceIndex('lo')).toBe(1);
    expect(binding.interfaceIndex('no-such-link')).toBe(0);
    expect(binding.interfaceIndex('lo'.repeat(100))).toBe(0);
  });

  test('ends the sending half of a connection alone, and tells what became of one', async () => {
    const { client, descriptor } = await acceptedPair(binding);
    expect(binding.setNoDelay(descriptor.fd)).toBe(0);
    expect(binding.socketError(descriptor.fd)).toBe(0);
    expect(binding.shutdownWrite(descriptor.fd)).toBe(0);
    expect(binding.send(descriptor.fd, Uint8Array.from([1]), -1)).toBe(-errno.EPIPE);
    client.resume();
    await once(client, 'end');
    client.resetAndDestroy();
    const bytes = new Uint8Array(1);
    await until(() => binding.peek(descriptor.fd, bytes) !== -errno.EAGAIN, { what: 'the reset is there' });
    expect(binding.shutdownWrite(descriptor.fd)).toBe(-errno.ENOTCONN);
    for (const call of [binding.shutdownWrite, binding.socketError, binding.setNoDelay]) {
      expect(call(9999)).toBe(-errno.EBADF);
    }
  });

  test('makes a memfd that nobody can change', () => {
    const fd = binding.sealedMemfd(Uint8Array.from([1, 2, 3]));
    const bytes = new Uint8Array(3);
    expect(readSync(fd, bytes, { position: 0 })).toBe(3);
    expect(bytes).toEqual(Uint8Array.from([1, 2, 3]));
    expect(() => openSync(`/proc/self/fd/${fd}`, 'w')).toThrow(/EPERM/);
    closeSync(fd);
  });

  test('survives garbage collection at every chance and the end of a worker that polls (S138)', () => {
    const script = resolve('test/native/fixtures/gc-stress.mjs');
    const flags = ['--expose-gc', '--gc-interval=50', script];
    expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe('done\n');
  });
});

describe('a descriptor', () => {
  test('is closed once and then used never again (S138)', () => {
    const before = readdirSync('/proc/self/fd').length;
    const descriptor = new Descriptor(binding, binding.sealedMemfd(new Uint8Array(1)));
    descriptor.close();
    expect(() => descriptor.close()).toThrow(/after it was closed/);
    expect(() => descriptor.fd).toThrow(/after it was closed/);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});
