import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFdSink } from '../../src/logging/fd-sink.ts';
import { createEventLog, type EventLog } from '../../src/logging/logger.ts';
import { loadBinding } from '../../src/native/load.ts';

/** The end of a turn, for tests that count what one record does: at once. */
const soon = (callback: () => void): void => callback();

const binding = loadBinding();
const QUEUE_LIMIT_BYTES = 16_384;

let directory = '';
let open: number[] = [];
let timers: (() => void)[] = [];
/** What took the place of poll(2), if a test says so. */
let isWritable = (fd: number): boolean => binding.writable(fd) === 1;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zinetd-sink-'));
  open = [];
  timers = [];
  isWritable = (fd) => binding.writable(fd) === 1;
});

afterEach(() => {
  for (const fd of open) closeSync(fd);
  rmSync(directory, { recursive: true });
});

function opened(path: string, flags: number): number {
  const fd = openSync(path, flags, 0o600);
  open.push(fd);
  return fd;
}

/** A real pipe: the reading end does not block, so that a test can see it empty; the writing end does. */
function pipe(): { reader: number; writer: number } {
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = opened(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: opened(path, constants.O_WRONLY) };
}

function after(delayMs: number, callback: () => void): () => void {
  expect(delayMs).toBeLessThanOrEqual(100);
  timers.push(callback);
  return () => {
    timers = timers.filter((timer) => timer !== callback);
  };
}

function fireTimers(): void {
  const due = timers;
  timers = [];
  for (const timer of due) timer();
}

function readAll(fd: number): string {
  const buffer = Buffer.alloc(65_536);
  let text = '';
  for (;;) {
    try {
      const count = readSync(fd, buffer);
      if (count === 0) return text;
      text += buffer.toString('latin1', 0, count);
    } catch {
      return text;
    }
  }
}

async function logTo(fd: number): Promise<EventLog> {
  const writable = (candidate: number): boolean => isWritable(candidate);
  const sink = createFdSink({ fd, writable, after, soon, queueLimitBytes: QUEUE_LIMIT_BYTES });
  const log = createEventLog({ format: 'json', sink, now: () => 0 });
  await nextTurn();
  return log;
}

interface Line {
  readonly event: string;
  readonly services?: number;
  readonly count?: number;
}

function linesOf(text: string): Line[] {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** The numbers of the records that came through, with a negative one for a count of lost records. */
function numbersOf(text: string): number[] {
  return linesOf(text).map((line) =>
    line.event === 'records-lost' ? -(line.count ?? 0) : (line.services ?? 0),
  );
}

function writeRecords(log: EventLog, range: { from: number; to: number }): void {
  for (let number = range.from; number < range.to; number++) {
    log.write({ type: 'ready', services: number, adopted: 0, errors: 0 });
  }
}

describe('createFdSink on a pipe', () => {
  it('writes a record in the very call that logs it', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    log.write({ type: 'ready', services: 1, adopted: 0, errors: 0 });
    expect(numbersOf(readAll(reader))).toEqual([1]);
  });

  it('waits for a stalled reader, loses no record while the queue has room, and keeps their order', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    let count = 0;
    while (timers.length === 0) writeRecords(log, { from: count, to: ++count });
    writeRecords(log, { from: count, to: count + 20 });
    const text = readAll(reader);
    fireTimers();
    expect(numbersOf(text + readAll(reader))).toEqual(
      Array.from({ length: count + 20 }, (_, index) => index),
    );
    expect(timers).toEqual([]);
  });

  it('counts exactly what a stalled reader cost, and says so where the gap is', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    const total = 3000;
    writeRecords(log, { from: 0, to: total });
    let text = '';
    while (timers.length > 0) {
      text += readAll(reader);
      fireTimers();
    }
    writeRecords(log, { from: total, to: total + 3 });
    const numbers = numbersOf(text + readAll(reader));
    const gap = numbers.findIndex((number) => number < 0);
    const lost = -(numbers[gap] ?? 0);
    expect(lost).toBeGreaterThan(1000);
    expect(gap + lost).toBe(total);
    expect(numbers.slice(0, gap)).toEqual(Array.from({ length: gap }, (_, index) => index));
    expect(numbers.slice(gap + 1)).toEqual([total, total + 1, total + 2]);
  });

  it('takes no small record after it lost a large one, so that the gap is one and in its place', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    let logged = 0;
    while (timers.length === 0) writeRecords(log, { from: logged, to: ++logged });
    isWritable = () => false;
    log.write({ type: 'paused', service: 'x'.repeat(QUEUE_LIMIT_BYTES), reason: '', retryMs: 0 });
    writeRecords(log, { from: 1000, to: 1003 });
    const text = readAll(reader);
    isWritable = () => true;
    fireTimers();
    expect(numbersOf(text + readAll(reader))).toEqual([...Array(logged).keys(), -4]);
  });

  it('counts on when the reader stalls a second time', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    let text = '';
    for (const from of [0, 3000]) {
      writeRecords(log, { from, to: from + 3000 });
      while (timers.length > 0) {
        text += readAll(reader);
        fireTimers();
      }
    }
    text += readAll(reader);
    const numbers = numbersOf(text);
    const gaps = numbers.filter((number) => number < 0);
    expect(gaps).toHaveLength(2);
    expect(numbers.length - gaps.length - gaps.reduce((sum, gap) => sum + gap, 0)).toBe(6000);
  });

  it('never writes more at once than a writable pipe takes without blocking', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    isWritable = () => false;
    writeRecords(log, { from: 0, to: 60 });
    let allowed = 1;
    isWritable = () => allowed-- > 0;
    fireTimers();
    const text = readAll(reader);
    expect(text.length).toBeGreaterThan(3000);
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('survives a reader that is gone (EPIPE), and goes on when another one comes', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    open = open.filter((fd) => fd !== reader);
    closeSync(reader);
    writeRecords(log, { from: 0, to: 3 });
    expect(timers).toHaveLength(1);
    fireTimers();
    expect(timers).toHaveLength(1);
    const second = opened(join(directory, 'pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
    fireTimers();
    expect(numbersOf(readAll(second))).toEqual([0, 1, 2]);
  });

  it('gives up what a stalled pipe does not take when it is closed, without waiting', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    writeRecords(log, { from: 0, to: 3000 });
    log.close();
    expect(timers).toEqual([]);
    readAll(reader);
    log.write({ type: 'spawner-gone' });
    expect(readAll(reader)).toBe('');
  });
});

describe('createFdSink with a record that is larger than its queue', () => {
  it('counts it and takes the next ones', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    log.write({ type: 'paused', service: 'x'.repeat(QUEUE_LIMIT_BYTES), reason: '', retryMs: 0 });
    await nextTurn();
    writeRecords(log, { from: 7, to: 9 });
    expect(numbersOf(readAll(reader))).toEqual([-1, 7, 8]);
  });

  it('writes one that is larger than a chunk in pieces, whole', async () => {
    const { reader, writer } = pipe();
    const log = await logTo(writer);
    log.write({ type: 'resumed', service: 'x'.repeat(5000) });
    expect(JSON.parse(readAll(reader))).toMatchObject({ service: 'x'.repeat(5000) });
  });
});

describe('createFdSink on files and devices', () => {
  it('survives a full disk (ENOSPC) and tries again', async () => {
    const log = await logTo(opened('/dev/full', constants.O_WRONLY));
    writeRecords(log, { from: 0, to: 500 });
    expect(timers).toHaveLength(1);
    fireTimers();
    expect(timers).toHaveLength(1);
    log.close();
  });

  it('survives a descriptor that is closed under it', async () => {
    const { writer } = pipe();
    const log = await logTo(writer);
    open = open.filter((fd) => fd !== writer);
    closeSync(writer);
    expect(() => writeRecords(log, { from: 0, to: 3 })).not.toThrow();
    log.close();
  });

  it('appends to a file without asking whether it is writable', async () => {
    const path = join(directory, 'log');
    const log = await logTo(opened(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND));
    isWritable = () => expect.unreachable();
    writeRecords(log, { from: 0, to: 100 });
    log.close();
    expect(numbersOf(readFileSync(path, 'latin1'))).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('has written the records of its very first turn when it is closed at once', () => {
    const path = join(directory, 'log');
    const fd = opened(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
    const log = createEventLog({
      format: 'json',
      sink: createFdSink({ fd, writable: () => true, after, soon }),
      now: () => 0,
    });
    writeRecords(log, { from: 0, to: 100 });
    log.close();
    expect(numbersOf(readFileSync(path, 'latin1'))).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});
