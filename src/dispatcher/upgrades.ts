import type { Bus } from '../events/bus.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import type { UpgradeFailure, UpgradeResult, UpgradeStep } from '../model/upgrade-failure.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import type { Floor } from './floor.ts';
import type { Listeners } from './listeners.ts';
import { readWords } from './read-words.ts';
import type { World } from './world.ts';

interface Options {
  readonly world: Pick<World, 'after' | 'nowMs'>;
  readonly bus: Bus;
  readonly floor: () => Floor;
  readonly listeners: () => Pick<Listeners, 'close'>;
  /** Ends this process once everything is written. */
  readonly leave: () => void;
}

/** `enum upgrade_step` of the spawner, from 1. */
const STEPS: readonly UpgradeStep[] = ['prepare', 'try', 'drain', 'execute'];
/** Between two looks at whether everybody has a handler. */
const LOOK_MS = 5;
/** For questions and launches under way; the spawner waits a little longer. */
const MOST_MS = 8000;

function failureOf({ status, errno }: SpawnerEvent, words: string): UpgradeFailure {
  return { step: STEPS[status - 1] ?? 'prepare', reason: words === '' ? errnoName(errno) : words };
}

/** Makes way for a newer version, when the spawner has found that it fits. */
export class Upgrades {
  readonly #options: Options;
  #answers: ((result: UpgradeResult) => void)[] = [];
  #isGoing = false;
  /** A stop comes first, and needs this process to its end: the spawner has given up the upgrade. */
  #isStopping = false;
  #isLeaving = false;

  constructor(options: Options) {
    this.#options = options;
    options.bus.subscribe((event) => {
      if (event.type === 'stopping') this.#isStopping = true;
      if (event.type !== 'request-refused' || event.request !== 'upgrade') return;
      // A spawner that stops takes no such request.
      this.#answer({ kind: 'failed', failure: { step: 'prepare', reason: event.code } });
    });
  }

  /** Whoever asks while one is under way gets what becomes of that. */
  ask(): Promise<UpgradeResult> {
    if (this.#answers.length === 0) this.#options.floor().link.send({ type: 'upgrade' });
    return new Promise((done) => {
      this.#answers.push(done);
    });
  }

  /** What has become of it; also of one that an earlier dispatcher had made way for. */
  take(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (event.errno === 0) {
      this.#go();
      return;
    }
    const failure = failureOf(event, readWords(descriptor));
    this.#options.bus.emit({ type: 'upgrade-failed', failure });
    this.#answer({ kind: 'failed', failure });
  }

  #answer(result: UpgradeResult): void {
    const answers = this.#answers;
    this.#answers = [];
    for (const answer of answers) answer(result);
  }

  /** Accepts nobody any more: they wait in the kernel for the next dispatcher. Whoever is in already gets a handler. */
  #go(): void {
    if (this.#isGoing || this.#isStopping) return;
    this.#isGoing = true;
    const { bus, floor, listeners, world } = this.#options;
    bus.emit({ type: 'upgrading', running: floor().children.running });
    listeners().close();
    this.#answer({ kind: 'going' });
    // Not at once: whoever asked is to hear of it first.
    const untilMs = world.nowMs() + MOST_MS;
    world.after(LOOK_MS, () => this.#wait(untilMs));
  }

  #wait(untilMs: number): void {
    if (this.#isStopping) return;
    const { floor, world } = this.#options;
    const { children, questions } = floor();
    if ((children.launching > 0 || questions.waiting > 0) && world.nowMs() < untilMs) {
      world.after(LOOK_MS, () => this.#wait(untilMs));
      return;
    }
    floor().close();
    floor().link.send({ type: 'drained' });
    this.#isLeaving = true;
  }

  /** The spawner says nothing more. Whether that is because it was told to: all that it has said is in the log then. */
  finish(): boolean {
    if (this.#isLeaving) this.#options.leave();
    return this.#isLeaving;
  }
}
