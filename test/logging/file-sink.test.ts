import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { SinkAtHand } from './sink-at-hand.ts';

interface FileSink extends SinkAtHand {
  readonly path: string;
  /** Answers with the file that has the name now. */
  give(): void;
  text(path?: string): string;
}

function fileSink(limits: { readonly soft?: number; readonly hard?: number } = {}): FileSink {
  const path = join(scratch('file-sink'), 'log');
  const { soft, hard } = limits;
  const hand = new SinkAtHand(
    { kind: 'file', outlet: 0, path, softBytes: soft, hardBytes: hard, format: undefined },
    { queueLimitBytes: 4096 },
  );
  onTestFinished(() => hand.sink.close());
  return Object.assign(hand, {
    path,
    give: () => {
      const fd = openSync(path, 'a', 0o600);
      hand.opener.give(fd, () => closeSync(fd));
    },
    text: (which = path) => readFileSync(which, 'latin1'),
  });
}

function numbers(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `${from + index}\n`).join('');
}

describe('a log file', () => {
  test('gets what was recorded before it was open, in order', () => {
    const it = fileSink();
    it.logNumbers({ from: 0, to: 3 });
    it.give();
    it.logNumbers({ from: 3, to: 5 });
    expect(it.text()).toBe(numbers(0, 5));
    expect(it.told).toEqual([]);
  });

  test('that cannot be opened is told of once, asked for again and again, and gets what waited', () => {
    const it = fileSink();
    it.logNumbers({ from: 0, to: 3 });
    for (let times = 0; times < 5; times++) {
      it.opener.refuse('EACCES');
      it.world.pass(1000);
      expect(it.opener.asked).toBe(1);
    }
    it.give();
    expect(it.text()).toBe(numbers(0, 3));
    expect(it.told).toEqual(['failed EACCES', 'resumed 0']);
  });

  test('that cannot be opened costs a counted number of records beyond its queue (S117)', () => {
    const it = fileSink();
    it.opener.refuse('ENOENT');
    it.logNumbers({ from: 1000, to: 3000 });
    it.world.pass(1000);
    it.give();
    it.log('after\n');
    const lines = it.text().trim().split('\n');
    const lost = 2000 - (lines.length - 2);
    expect(lost).toBeGreaterThan(500);
    expect(lines.slice(-2)).toEqual([`lost ${lost}`, 'after']);
    expect(it.told).toEqual(['failed ENOENT', `lost ${lost}`, `resumed ${lost}`]);
  });

  test('on a disk that is full waits, and is told of once (S117)', () => {
    const it = fileSink();
    const fd = openSync('/dev/full', 'w');
    it.opener.give(fd, () => closeSync(fd));
    it.logNumbers({ from: 0, to: 10 });
    it.world.pass(1000);
    expect(it.told).toEqual(['failed ENOSPC']);
    expect(it.opener.asked).toBe(0);
    it.sink.renew();
    it.give();
    expect(it.text()).toBe(numbers(0, 10));
    expect(it.told).toEqual(['failed ENOSPC', 'resumed 0']);
  });

  test('that was renamed gets records until the new one is open, and none after (F13)', () => {
    const it = fileSink();
    it.give();
    it.logNumbers({ from: 0, to: 2 });
    renameSync(it.path, `${it.path}.1`);
    it.logNumbers({ from: 2, to: 4 });
    it.sink.renew();
    it.logNumbers({ from: 4, to: 6 });
    it.give();
    it.logNumbers({ from: 6, to: 8 });
    expect(it.text(`${it.path}.1`)).toBe(numbers(0, 6));
    expect(it.text()).toBe(numbers(6, 8));
    expect(it.opener.closed).toHaveLength(1);
    expect(it.told).toEqual([]);
  });

  test('that cannot be opened anew goes on being written, and is asked for until it can', () => {
    const it = fileSink();
    it.give();
    it.sink.renew();
    it.opener.refuse('EROFS');
    it.logNumbers({ from: 0, to: 3 });
    expect(it.text()).toBe(numbers(0, 3));
    it.world.pass(1000);
    it.opener.refuse('EROFS');
    it.logNumbers({ from: 3, to: 4 });
    expect(it.told).toEqual(['failed EROFS']);
    it.world.pass(1000);
    it.give();
    expect(it.told).toEqual(['failed EROFS', 'resumed 0']);
  });

  test('is asked for once more when it is renamed while an answer is on its way', () => {
    const it = fileSink();
    it.sink.renew();
    it.give();
    expect(it.opener.asked).toBe(1);
    it.give();
    expect(it.opener.asked).toBe(0);
  });

  test('that was removed is opened anew with the next record, which it gets', () => {
    const it = fileSink();
    it.give();
    it.log('0\n');
    rmSync(it.path);
    it.log('1\n');
    it.world.pass(0);
    it.give();
    expect(it.text()).toBe('1\n');
    expect(it.told).toEqual(['failed ENOENT', 'resumed 0']);
  });

  test('that is emptied under it is written from its start (copytruncate, F13)', () => {
    const it = fileSink();
    it.give();
    it.logNumbers({ from: 0, to: 3 });
    truncateSync(it.path, 0);
    it.logNumbers({ from: 3, to: 5 });
    expect(it.text()).toBe(numbers(3, 5));
  });
});

describe('the limits of a log file', () => {
  test('are a warning beyond the first, once, and again after it was emptied', () => {
    const it = fileSink({ soft: 10 });
    it.give();
    it.logNumbers({ from: 0, to: 20 });
    expect(it.told).toEqual(['limit soft 12']);
    truncateSync(it.path, 0);
    it.logNumbers({ from: 0, to: 20 });
    expect(it.told).toHaveLength(2);
  });

  test('end the records at the second, told once; xinetd crashed here (S117)', () => {
    const it = fileSink({ soft: 10, hard: 20 });
    it.give();
    it.logNumbers({ from: 0, to: 100 });
    it.world.pass(10_000);
    expect(it.text()).toBe(numbers(0, 10));
    expect(it.told).toEqual(['limit soft 12', 'limit hard 20']);
  });

  test('let no record go out in part', () => {
    const it = fileSink({ soft: 10, hard: 20 });
    it.give();
    it.log('0123456\n');
    it.log('01234567890123\n');
    it.log('0\n');
    it.world.pass(1000);
    expect(it.text()).toBe('0123456\n');
    expect(it.told).toEqual(['limit hard 8']);
  });

  test('count what others write to the file', () => {
    const it = fileSink({ soft: 10, hard: 20 });
    it.give();
    appendFileSync(it.path, 'x'.repeat(30));
    it.log('0\n');
    expect(it.told).toEqual(['limit soft 30', 'limit hard 30']);
    expect(it.text()).toBe('x'.repeat(30));
  });

  test('are those of a new file after a rotation, which begins with how many records were lost', () => {
    const it = fileSink({ soft: 10, hard: 20 });
    it.give();
    it.logNumbers({ from: 0, to: 100 });
    renameSync(it.path, `${it.path}.1`);
    it.sink.renew();
    it.give();
    it.log('after\n');
    expect(it.text()).toBe('lost 90\nafter\n');
    expect(it.told.slice(2)).toEqual(['lost 90', 'resumed 90']);
  });

  test('are off within a moment of when the file was emptied, with no record to bring it up', () => {
    const it = fileSink({ soft: 10, hard: 20 });
    it.give();
    it.logNumbers({ from: 0, to: 100 });
    truncateSync(it.path, 0);
    it.world.pass(200);
    expect(it.text()).toBe('lost 90\n');
  });

  test('stay where the file that is opened anew is the one that is full', () => {
    const it = fileSink({ soft: 10, hard: 20 });
    it.give();
    it.logNumbers({ from: 0, to: 100 });
    it.sink.renew();
    it.give();
    it.world.pass(1000);
    it.log('after\n');
    expect(it.told).toHaveLength(2);
    writeFileSync(it.path, '');
    it.world.pass(200);
    expect(it.told.slice(2)).toEqual(['lost 91', 'resumed 91']);
  });
});

describe('a log file that is closed', () => {
  test('has what could be written, and says how much could not', () => {
    const it = fileSink();
    it.logNumbers({ from: 0, to: 3 });
    expect(it.sink.waitingBytes).toBe(6);
    it.sink.close();
    expect(it.sink.waitingRecords).toBe(3);
    it.log('4\n');
    it.give();
    expect(it.opener.closed).toHaveLength(1);
  });
});
