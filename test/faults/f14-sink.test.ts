import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { loadgen } from '../harness/loadgen.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { expectAllServed, loggedServices, MINUTES_MS, MORE_THAN_A_QUEUE, tallyRecords } from './log-load.ts';
import { record } from './record.ts';

function tell(figure: string, value: number, bar: string): void {
  record({ fault: 'F14', figure, value, bar });
}

/** For the queue, and what V8 takes for a while when strings come and go. */
const GROWTH_KB = 64 * 1024;

/** A daemon whose standard output is a named pipe. */
class Piped {
  readonly #directory: string = scratch('piped');
  #zinetd: Zinetd | undefined;
  #readers = 0;
  #reader: ChildProcess | undefined;

  constructor() {
    execFileSync('mkfifo', [this.#pipe]);
  }

  get #pipe(): string {
    return join(this.#directory, 'pipe');
  }

  get zinetd(): Zinetd {
    if (!this.#zinetd) throw new Error('Not started yet');
    return this.#zinetd;
  }

  async start(): Promise<void> {
    this.read();
    const prefix = ['sh', '-c', 'exec "$@" >"$0"', this.#pipe];
    this.#zinetd = await startZinetd({
      config: loggedServices({}),
      lossy: true,
      expectFailure: true,
      prefix,
    });
    await until(() => this.records().some(({ event }) => event === 'ready'), { what: 'zinetd is ready' });
  }

  /** Puts another reader there, a real program with a file of its own. */
  read(): void {
    const reader = spawn('sh', ['-c', 'exec cat <"$0" >"$1"', this.#pipe, this.#out(++this.#readers)]);
    onTestFinished(() => void reader.kill('SIGKILL'));
    this.#reader = reader;
  }

  signalReader(name: NodeJS.Signals): void {
    this.#reader?.kill(name);
  }

  /** What all readers together have got. */
  records(): readonly LogRecord[] {
    const paths = Array.from({ length: this.#readers }, (_, index) => this.#out(index + 1));
    const texts = paths
      .filter(existsSync)
      .flatMap((path) => readFileSync(path, 'latin1').split('\n').slice(0, -1));
    return texts.map((line) => JSON.parse(line) as LogRecord);
  }

  get port(): number {
    return this.records().find(({ event }) => event === 'listening')?.local?.port ?? 0;
  }

  #out(number: number): string {
    return join(this.#directory, `out${number}`);
  }
}

function residentKb(pid: number | undefined): number {
  return Number.parseInt(statusOf(pid ?? 0, 'VmRSS') ?? '', 10);
}

describe('a pipe for the log', () => {
  test(
    'whose reader is stopped costs no client anything, bounded memory, and an exact number of records (S119, F14)',
    async () => {
      const piped = new Piped();
      await piped.start();
      const { zinetd, port } = piped;
      const first = await loadgen(port, { inFlight: 8, seconds: 0.1, atLeast: 1000 });
      const before = residentKb(zinetd.dispatcherPid);
      piped.signalReader('SIGSTOP');
      const load = await loadgen(port, { inFlight: 8, seconds: 0.1, atLeast: MORE_THAN_A_QUEUE });
      expectAllServed(load);
      const growth = residentKb(zinetd.dispatcherPid) - before;
      expect(growth).toBeLessThan(GROWTH_KB);
      const earlier = tallyRecords(piped.records()).kept;
      piped.signalReader('SIGCONT');
      await until(() => tallyRecords(piped.records()).lost > 0, { what: 'it is told what was lost' });
      await zinetd.stop();
      const { kept, lost } = tallyRecords(piped.records());
      expect(earlier).toBeLessThan(kept);
      expect(kept + lost).toBe(2 * (first.total + load.total));
      tell('pipe whose reader is stopped: clients who were not served', 0, '0');
      tell('pipe whose reader is stopped: records lost, as it is told', lost, 'kept and lost are all');
      tell(
        'pipe whose reader is stopped: growth of the dispatcher, KiB',
        growth,
        `less than ${GROWTH_KB}, of which 4,096 wait`,
      );
    },
    MINUTES_MS,
  );

  test('whose reader ended costs no client anything; the next reader gets what waited (S119, F14)', async () => {
    const piped = new Piped();
    await piped.start();
    const { zinetd, port } = piped;
    const { dispatcherPid } = zinetd;
    piped.signalReader('SIGKILL');
    for (let times = 0; times < 20; times++) expect(await ask(port, '')).toBe('ok\n');
    piped.read();
    await until(() => tallyRecords(piped.records()).kept === 40, { what: 'the next one has all' });
    expect(zinetd.dispatcherPid).toBe(dispatcherPid);
  });
});

/** A server of syslog that can leave what it is sent where it is. */
class SyslogServer {
  readonly path: string = join(scratch('syslog'), 'socket');
  readonly #sockets: Socket[] = [];
  #server: Server | undefined;
  text = '';

  async listen(options: { readonly isReading: boolean }): Promise<void> {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.setEncoding('latin1').on('error', () => {});
      socket.on('data', (text: string) => {
        this.text += text;
      });
      // A listener for data would set it going.
      if (!options.isReading) socket.pause();
      else socket.resume();
      this.#sockets.push(socket);
    });
    this.#server = server;
    await new Promise<void>((done) => server.listen(this.path, done));
    chmodSync(this.path, 0o777);
    onTestFinished(() => this.close());
  }

  read(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  /** As one that is killed. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
    rmSync(this.path, { force: true });
  }

  get count(): number {
    return [...this.text.matchAll(/"event":"(started|exited)"/g)].length;
  }
}

describe('a server of syslog', () => {
  const logTo = (path: string) =>
    loggedServices({ log_format: 'json', log_type: { syslog: 'daemon', to: `unix://${path}` } });

  test(
    'that is stopped costs no client anything, bounded memory, and an exact number of records (S119, F14)',
    async () => {
      const server = new SyslogServer();
      await server.listen({ isReading: false });
      const zinetd = await startZinetd({ config: logTo(server.path), lossy: true });
      const before = residentKb(zinetd.dispatcherPid);
      const load = await loadgen(zinetd.port('it'), {
        inFlight: 8,
        seconds: 0.1,
        atLeast: MORE_THAN_A_QUEUE,
      });
      expectAllServed(load);
      const growth = residentKb(zinetd.dispatcherPid) - before;
      server.read();
      const lostOf = () =>
        zinetd.log.all.reduce(
          (sum, { event, lost }) => sum + (event === 'log-resumed' ? Number(lost) : 0),
          0,
        );
      await until(() => lostOf() > 0, { what: 'it is told what was lost' });
      await until(() => server.count + lostOf() >= 2 * load.total, { what: 'all is accounted for' });
      expect(server.count + lostOf()).toBe(2 * load.total);
      expect(growth).toBeLessThan(GROWTH_KB);
      tell('syslog that is stopped: clients who were not served', 0, '0');
      tell('syslog that is stopped: records lost, as it is told', lostOf(), 'kept and lost are all');
      tell(
        'syslog that is stopped: growth of the dispatcher, KiB',
        growth,
        `less than ${GROWTH_KB}, of which 4,096 wait`,
      );
      await zinetd.settled();
    },
    MINUTES_MS,
  );

  test('that ended costs no client anything; the next one gets what waited (S119, F14)', async () => {
    const server = new SyslogServer();
    await server.listen({ isReading: true });
    const zinetd = await startZinetd({ config: logTo(server.path), lossy: true });
    expect(await ask(zinetd.port('it'), '')).toBe('ok\n');
    await until(() => server.count === 2, { what: 'the first has its records' });
    server.close();
    for (let times = 0; times < 20; times++) expect(await ask(zinetd.port('it'), '')).toBe('ok\n');
    await server.listen({ isReading: true });
    await until(() => server.count >= 40, { what: 'the next one has what waited' });
    tell('syslog that ended: clients who were not served', 0, '0');
    tell(
      'syslog that ended: records that the next one did not get',
      42 - server.count,
      'at most 2: one that was on its way',
    );
    await zinetd.settled();
  });
});
