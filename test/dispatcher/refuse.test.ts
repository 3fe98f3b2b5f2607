import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { Refuser } from '../../src/dispatcher/refuse.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { loadBinding } from '../../src/native/load.ts';
import { acceptedPair } from '../harness/accepted-pair.ts';
import { until } from '../harness/until.ts';
import { fakeBinding } from '../listeners/fake-binding.ts';

const { errno } = constants;
const TEXT = Buffer.from('421 ftp: no\r\n');

/** What a refuser does with a client that has sent so much already. */
function refusalOf(options: {
  readonly text?: Uint8Array;
  readonly pending?: number;
  readonly sends?: number;
}) {
  const done: string[] = [];
  let pending = options.pending ?? 0;
  const binding = fakeBinding({
    send: (_fd, bytes) => {
      done.push(`send ${bytes.length}`);
      return options.sends ?? bytes.length;
    },
    receive: (_fd, bytes) => {
      const received = Math.min(bytes.length, pending);
      pending -= received;
      done.push(`receive ${received}`);
      return received === 0 ? -errno.EAGAIN : received;
    },
    close: (fd) => {
      done.push(`close ${fd}`);
      return 0;
    },
  });
  new Refuser(binding).refuse(new Descriptor(binding, 10), options.text);
  return done;
}

/** What recvmsg(2) gives a client that has sent something, until the end: texts, then how it ended. */
async function answerOf(text: Uint8Array, sent: string): Promise<readonly (string | number)[]> {
  const binding = loadBinding();
  const { client, clientFd, descriptor } = await acceptedPair(binding);
  await new Promise<void>((resolve) => client.write(sent, () => resolve()));
  new Refuser(binding).refuse(descriptor, text);
  const bytes = new Uint8Array(4096);
  const answers: (string | number)[] = [];
  await until(
    () => {
      const received = binding.receive(clientFd, bytes, Int32Array.of(-1));
      if (received === -errno.EAGAIN) return false;
      answers.push(received > 0 ? Buffer.from(bytes.subarray(0, received)).toString() : received);
      return received <= 0;
    },
    { what: 'the connection ends' },
  );
  return answers;
}

describe('refusing a connection', () => {
  test('without a text closes it and does nothing else', () => {
    expect(refusalOf({ pending: 100 })).toEqual(['close 10']);
    expect(refusalOf({ text: new Uint8Array(0) })).toEqual(['close 10']);
  });

  test('with a text sends it once, discards what has come, and closes', () => {
    expect(refusalOf({ text: TEXT, pending: 20_000 })).toEqual([
      'send 13',
      'receive 16384',
      'receive 3616',
      'receive 0',
      'close 10',
    ]);
  });

  test('discards 64 KiB at the most, however much a client sends', () => {
    const done = refusalOf({ text: TEXT, pending: Number.POSITIVE_INFINITY });
    expect(done.filter((it) => it.startsWith('receive')).length).toBe(4);
    expect(done.at(-1)).toBe('close 10');
  });

  test.each(['EAGAIN', 'EPIPE', 'ECONNRESET'] as const)(
    'closes a client that takes no text, too (%s, S96)',
    (name) => {
      expect(refusalOf({ text: TEXT, sends: -errno[name] }).at(-1)).toBe('close 10');
    },
  );

  test('closes the descriptor that a client passes with its data (S7)', () => {
    const closed: number[] = [];
    const passed = [77, -1];
    const binding = fakeBinding({
      send: (_fd, bytes) => bytes.length,
      receive: (_fd, _bytes, descriptors) => {
        const next = passed.shift();
        if (next === undefined) return 0;
        descriptors[0] = next;
        return 1;
      },
      close: (fd) => closed.push(fd) - closed.length,
    });
    new Refuser(binding).refuse(new Descriptor(binding, 10), TEXT);
    expect(closed).toEqual([77, 10]);
  });

  test('gives a client the text and a plain end, although it had sent something that nobody read', async () => {
    expect(await answerOf(TEXT, 'USER anonymous\r\n'.repeat(500))).toEqual([TEXT.toString(), 0]);
  });
});
