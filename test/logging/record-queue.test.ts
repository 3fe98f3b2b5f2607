import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordQueue } from '../../src/logging/record-queue.ts';

describe('RecordQueue', () => {
  it('refuses what would pass its cap, and nothing else', () => {
    const queue = new RecordQueue(8);
    expect([queue.offer('12345\n'), queue.offer('12\n'), queue.offer('1\n')]).toEqual([true, false, true]);
  });

  it('gives whole records, and splits only one that is longer than a chunk', () => {
    const queue = new RecordQueue(100);
    for (const record of ['a\n', 'bb\n', 'ccc\n', '0123456789\n']) queue.offer(record);
    const chunks: string[] = [];
    while (queue.bytes > 0) {
      const chunk = queue.front(6);
      chunks.push(chunk);
      queue.drop(chunk.length);
    }
    expect(chunks).toEqual(['a\nbb\n', 'ccc\n', '012345', '6789\n']);
  });

  it('loses and repeats no byte, however little the descriptor takes', () => {
    const record = fc.string({ minLength: 0, maxLength: 30 }).map((text) => `${text}\n`);
    fc.assert(
      fc.property(fc.array(record), fc.array(fc.integer({ min: 1, max: 40 })), (records, takes) => {
        const queue = new RecordQueue(100_000);
        let out = '';
        for (const [index, line] of records.entries()) {
          queue.offer(line);
          const taken = queue.front(16).slice(0, takes[index] ?? 0);
          out += taken;
          queue.drop(taken.length);
        }
        while (queue.bytes > 0) {
          const chunk = queue.front(16);
          out += chunk;
          queue.drop(chunk.length);
        }
        expect(out).toBe(records.join(''));
      }),
    );
  });
});
