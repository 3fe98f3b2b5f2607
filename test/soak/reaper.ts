import { basename } from 'node:path';
import { childrenOf, commandLineOf } from '../harness/processes.ts';

const HANDLERS = new Set(['raw', 'echo', 'acceptor', 'datagrams', 'connected']);
const WORKER = 'pooled';

type Kind = 'handler' | 'worker' | 'dispatcher' | 'resolver';

function kindOf(pid: number): Kind | undefined {
  const words = commandLineOf(pid);
  if (words.includes('--dispatcher')) return 'dispatcher';
  if (words.includes('--resolver')) return 'resolver';
  const name = basename(words[0] ?? '');
  if (name === WORKER) return 'worker';
  return HANDLERS.has(name) ? 'handler' : undefined;
}

/** Children of the spawner of a kind: those that have executed their program. */
export function childrenOfKind(spawner: number, kind: Kind): readonly number[] {
  return childrenOf(spawner).filter((pid) => kindOf(pid) === kind);
}

/** Kills what it is told, by chance, and counts whom it hit. */
export class Reaper {
  readonly killed: Record<string, number> = {};
  readonly #spawner: number;

  constructor(spawner: number) {
    this.#spawner = spawner;
  }

  kill(kind: Kind): void {
    const pids = childrenOfKind(this.#spawner, kind);
    const pid = pids[Math.floor(Math.random() * pids.length)];
    if (pid === undefined) return;
    const name = kind === 'handler' ? basename(commandLineOf(pid)[0] ?? 'handler') : kind;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return; // It was over meanwhile.
    }
    this.killed[name] = (this.killed[name] ?? 0) + 1;
  }

  /** Everything of zinetd stands still for a while, as on a machine that is not given its processors. */
  hold(ms: number): void {
    const pids = [this.#spawner, ...childrenOf(this.#spawner)];
    const tell = (signal: NodeJS.Signals): void => {
      for (const pid of pids) {
        try {
          process.kill(pid, signal);
        } catch {
          // It is over.
        }
      }
    };
    tell('SIGSTOP');
    setTimeout(() => tell('SIGCONT'), ms);
  }

  /** Until the function that this gives is called: so many of a kind in a minute. */
  start(perMinute: Partial<Record<Kind, number>>): () => void {
    const timers = Object.entries(perMinute).map(([kind, count]) =>
      setInterval(() => this.kill(kind as Kind), 60_000 / count),
    );
    return () => {
      for (const timer of timers) clearInterval(timer);
    };
  }
}
