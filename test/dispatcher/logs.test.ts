import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LogPlan, Logs } from '../../src/dispatcher/logs.ts';
import type { OutletAnswer, Outlets } from '../../src/dispatcher/outlets.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { createFdSink } from '../../src/logging/fd-sink.ts';
import type { LogDestination } from '../../src/model/log-policy.ts';
import { EXAMPLE_LOG } from '../admission/example-policy.ts';
import { scratch } from '../harness/scratch.ts';
import { FakeLineCalls } from '../logging/fake-line-calls.ts';
import { FakeWorld } from './fake-world.ts';

/** Outlets by their rows: files that are open at once, or not at all. */
class FakeOutlets implements Outlets {
  readonly paths: string[];
  readonly asked: number[] = [];
  /** What is answered instead. */
  code: string | undefined;
  isSilent = false;
  readonly #world: FakeWorld;

  constructor(world: FakeWorld, paths: string[]) {
    this.#world = world;
    this.paths = paths;
  }

  open(row: number, callback: (answer: OutletAnswer) => void): void {
    this.asked.push(row);
    if (this.isSilent) return;
    this.#world.after(0, () => callback(this.code === undefined ? this.#file(row) : { code: this.code }));
  }

  #file(row: number): OutletAnswer {
    const fd = openSync(this.paths[row] ?? '', 'a', 0o600);
    const descriptor = { fd, close: () => closeSync(fd) };
    return {
      descriptor: descriptor as unknown as Extract<OutletAnswer, { descriptor: unknown }>['descriptor'],
    };
  }
}

class Scene {
  readonly world = new FakeWorld();
  readonly directory: string = scratch('logs');
  readonly outlets: FakeOutlets;
  readonly told: ZinetdEvent[] = [];
  readonly logs: Logs;

  constructor() {
    this.outlets = new FakeOutlets(this.world, []);
    const fd = openSync(this.path('stdout'), 'a', 0o600);
    onTestFinished(() => closeSync(fd));
    const { after, nowMs, wallMs } = this.world;
    const soon = (callback: () => void) => callback();
    this.logs = new Logs({
      first: createFdSink({ fd, writable: () => true, after, soon }),
      machine: {
        ...{ after, nowMs, wallMs, soon, calls: new FakeLineCalls() },
        ...{ format: 'json', hostName: 'here', pid: 1, key: new Uint8Array(16) },
      },
    });
    onTestFinished(() => this.logs.close(() => {}));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  file(name: string, outlet: number): LogDestination {
    this.outlets.paths[outlet] = this.path(name);
    return {
      ...{ kind: 'file', outlet, path: this.path(name) },
      ...{ softBytes: undefined, hardBytes: undefined, format: undefined },
    };
  }

  /** Services by their names, each with its destination, or none. */
  use(services: Readonly<Record<string, LogDestination | undefined>>): void {
    const own: LogDestination = { kind: 'stdout', format: undefined };
    const logs = [own, ...Object.values(services).filter((it) => it !== undefined)];
    const plan: LogPlan = {
      policy: {
        logs,
        services: Object.entries(services).map(([name, destination]) => ({
          name,
          log: { ...EXAMPLE_LOG, destination: destination && logs.indexOf(destination) },
        })),
      },
      outlets: this.outlets,
      tell: (event) => {
        this.told.push(event);
        this.logs.subscriber(event);
      },
    };
    this.logs.use(plan);
  }

  /** A record of a service. */
  start(service: string, pid: number): void {
    const peer = { family: 4, bytes: Uint8Array.of(192, 0, 2, 7), port: 1, scopeId: 0 } as const;
    this.logs.subscriber({ type: 'started', service, peer, pid });
  }

  pass(ms: number): void {
    this.world.pass(ms);
  }

  /** The pids of the records in a file; other records by their types. */
  seen(name: string): readonly (number | string)[] {
    const lines = readFileSync(this.path(name), { encoding: 'latin1', flag: 'a+' }).split('\n').slice(0, -1);
    return lines
      .map((line) => JSON.parse(line) as { pid?: number; event: string })
      .map(({ pid, event }) => pid ?? event);
  }
}

describe('destinations of records', () => {
  test('are standard output for everything until there is a policy', () => {
    const it = new Scene();
    it.start('ftp', 1);
    it.logs.subscriber({ type: 'spawner-gone' });
    it.pass(1);
    expect(it.seen('stdout')).toEqual([1, 'spawner-gone']);
  });

  test('are those of the services, and standard output for what the daemon says of itself', () => {
    const it = new Scene();
    it.use({ ftp: it.file('ftp', 0), finger: it.file('finger', 1), quiet: undefined });
    for (const [index, service] of ['ftp', 'finger', 'quiet', 'unknown'].entries())
      it.start(service, index + 1);
    it.logs.subscriber({ type: 'resumed', service: 'ftp' });
    it.pass(1);
    expect([it.seen('ftp'), it.seen('finger'), it.seen('stdout')]).toEqual([[1], [2], [4, 'resumed']]);
  });

  test('that no service has are not opened', () => {
    const it = new Scene();
    const other = it.file('other', 0);
    it.use({ ftp: it.file('ftp', 1) });
    it.logs.use({
      policy: { logs: [{ kind: 'stdout', format: undefined }, other], services: [] },
      ...{ outlets: it.outlets, tell: () => {} },
    });
    expect(it.outlets.asked).toEqual([1]);
  });

  test('stay over a reload with all that waits for them, though their rows are others (promise 4)', () => {
    const it = new Scene();
    it.outlets.code = 'EACCES';
    it.use({ ftp: it.file('ftp', 0) });
    it.start('ftp', 1);
    it.pass(10);
    it.outlets.code = undefined;
    it.use({ finger: it.file('finger', 0), ftp: it.file('ftp', 1) });
    it.start('ftp', 2);
    it.pass(2000);
    expect(it.seen('ftp')).toEqual([1, 2]);
    expect(it.outlets.asked.at(-1)).toBe(1);
    expect(it.told.map(({ type }) => type)).toEqual(['log-failed', 'log-resumed']);
    expect(it.seen('stdout')).toEqual(['log-failed', 'log-resumed']);
  });

  test('end at a reload that has no use for them, with all that can be written in a moment', () => {
    const it = new Scene();
    it.use({ ftp: it.file('ftp', 0) });
    it.start('ftp', 1);
    it.use({ finger: it.file('finger', 0) });
    it.outlets.paths[0] = it.path('ftp');
    it.pass(600);
    expect(it.seen('ftp')).toEqual([1]);
    expect(it.told).toEqual([]);
  });

  test('that a reload has no use for say how many records they still had', () => {
    const it = new Scene();
    it.outlets.isSilent = true;
    it.use({ ftp: it.file('ftp', 0) });
    it.start('ftp', 1);
    it.start('ftp', 2);
    it.pass(1);
    it.use({});
    it.pass(600);
    expect(it.told).toEqual([{ type: 'log-ended', to: it.path('ftp'), lost: 2 }]);
  });

  test('of a service that is no more are those that others have of it, else standard output', () => {
    const it = new Scene();
    const shared = it.file('shared', 0);
    it.use({ ftp: shared, finger: shared, other: it.file('other', 1) });
    it.use({ finger: shared });
    it.start('ftp', 1);
    it.start('other', 2);
    it.pass(1);
    expect([it.seen('shared'), it.seen('stdout')]).toEqual([[1], [2]]);
  });

  test('that are files are asked for again at each reload, and at no other time', () => {
    const it = new Scene();
    it.use({ ftp: it.file('ftp', 0) });
    it.pass(10_000);
    expect(it.outlets.asked).toEqual([0]);
    it.logs.reopen();
    it.pass(10_000);
    expect(it.outlets.asked).toEqual([0, 0]);
  });

  test('get half a second when zinetd stops, and no more (S119)', () => {
    const it = new Scene();
    it.outlets.isSilent = true;
    it.use({ ftp: it.file('ftp', 0) });
    it.start('ftp', 1);
    let isDone = false;
    it.logs.close(() => {
      isDone = true;
    });
    it.pass(400);
    expect(isDone).toBe(false);
    it.pass(200);
    expect(isDone).toBe(true);
    expect(it.seen('stdout')).toEqual(['log-ended']);
  });

  test('make a stop wait for nothing when nothing waits', () => {
    const it = new Scene();
    it.use({ ftp: it.file('ftp', 0) });
    it.pass(1);
    it.start('ftp', 1);
    let isDone = false;
    it.logs.close(() => {
      isDone = true;
    });
    expect(isDone).toBe(true);
    expect(it.seen('ftp')).toEqual([1]);
  });
});
