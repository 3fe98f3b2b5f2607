import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { inject, onTestFinished } from 'vitest';
import { resolverRules } from '../../src/cli/access-rules.ts';
import { resolverCommand } from '../../src/cli/worker-commands.ts';
import type { ResolverBoot } from '../../src/compile/boot.ts';
import { machineArchitecture } from '../../src/compile/seccomp/machine-architecture.ts';
import { resolverFilter } from '../../src/compile/seccomp/resolver-filter.ts';
import type { Endpoint } from '../../src/model/address.ts';
import { configOf, plain } from '../compile/example.ts';
import { isRoot } from '../harness/identity.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { runSpawner } from '../native/run-spawner.ts';
import { withNameServices } from './name-services.ts';

const FIXTURES = resolve('test/resolver/fixtures');
const RESOLVER_UID = 61185;

/** What the fixture of the dispatcher writes: an answer to question `id`, or an event of the spawner. */
interface Line {
  readonly id?: number;
  readonly event?: string;
  readonly answer: unknown;
  readonly ms: number;
}

type Question = Readonly<Record<string, unknown>> & {
  readonly kind: 'name' | 'decide' | 'delay' | 'register' | 'unregister';
};

const service = {
  ...plain,
  listeners: plain.listeners.map((it) => ({ ...it, address: { ...(it.address as Endpoint), port: 0 } })),
};

/** The resolver as `zinetd run` starts it, from an installation that its uid can read. */
function resolverBoot(): ResolverBoot {
  const [install, node] = [inject('openInstall'), inject('openNode')];
  const { argv, env } = resolverCommand([]);
  const main = join(install, 'dist/main.js');
  return {
    uid: isRoot ? RESOLVER_UID : undefined,
    command: { path: node, argv: argv.map((it) => (it.endsWith('/main.js') ? main : it)), env },
    rules: [...resolverRules(), { path: install, access: 'read' }, { path: node, access: 'execute' }],
    filter: resolverFilter(machineArchitecture()),
  };
}

/** A spawner with its resolver, and in place of the dispatcher a fixture that asks what the test says. */
export class ResolverRun {
  readonly #run;
  readonly #lines: Line[] = [];
  readonly #waiting = new Map<number, (line: Line) => void>();
  #dispatcher: Socket | undefined;
  #lastId = 0;
  #wake: () => void = () => {};

  constructor(socketPath: string, surroundings: readonly string[]) {
    createServer((socket) => this.#onDispatcher(socket))
      .listen(socketPath)
      .unref();
    this.#run = runSpawner({
      config: configOf([service], { needsResolver: true }),
      dispatcher: [process.execPath, join(FIXTURES, 'asking-dispatcher.mjs'), socketPath],
      resolver: resolverBoot(),
      prefix: withNameServices(surroundings),
    });
    this.#run.lines.next().catch(() => {});
  }

  get pid(): number {
    return this.#run.process.pid ?? 0;
  }

  pidOf(worker: '--resolver' | 'asking-dispatcher.mjs'): number | undefined {
    return childrenOf(this.pid).find((pid) => commandLineOf(pid).some((it) => it.endsWith(worker)));
  }

  /** Waits for the next event of this type that the spawner told the dispatcher of. */
  async event(type: string): Promise<void> {
    for (;;) {
      const at = this.#lines.findIndex((line) => line.event === type);
      if (at >= 0) return void this.#lines.splice(0, at + 1);
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
  }

  ask(question: Question): Promise<Line> {
    const id = ++this.#lastId;
    this.#dispatcher?.write(`${JSON.stringify({ id, source: `source ${id}`, ...question })}\n`);
    return new Promise((done) => this.#waiting.set(id, done));
  }

  async nameOf(address: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return (await this.ask({ kind: 'name', address, ...more })).answer;
  }

  /** Gives the exit code of the spawner. */
  stop(): Promise<number | null> {
    this.#run.process.kill('SIGTERM');
    return this.#run.exited;
  }

  #onDispatcher(socket: Socket): void {
    this.#dispatcher = socket;
    createInterface({ input: socket.on('error', () => {}) }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.id !== undefined) this.#waiting.get(line.id)?.(line);
      else this.#lines.push(line);
      this.#wake();
    });
  }
}

/** Starts all of it; it ends with the test. `surroundings`: more lines of shell for its namespaces. */
export async function startResolver(surroundings: readonly string[] = []): Promise<ResolverRun> {
  const run = new ResolverRun(join(scratch('resolver'), 'dispatcher'), surroundings);
  onTestFinished(async () => void (await run.stop()));
  await run.event('start');
  return run;
}
