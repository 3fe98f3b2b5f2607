import type { Answer } from '../../control/control-failure.ts';
import type { Status } from '../../control/messages.ts';
import { describeControlFailure } from '../describe-control-failure.ts';
import { startTimer } from '../start-timer.ts';
import { applyKey } from './apply-key.ts';
import { type Key, keysOf } from './keys.ts';
import type { Sampler } from './sampler.ts';
import { Terminal } from './terminal.ts';
import type { TopOptions } from './top-options.ts';
import { type Samples, tableRows, topScreen } from './top-screen.ts';
import type { View } from './view.ts';

/** `top` in a terminal, from the first sample until someone quits. */
export class LiveTop {
  readonly #sampler: Sampler;
  readonly #options: TopOptions;
  readonly #terminal: Terminal;
  /** Settles when it is over. */
  readonly ended: Promise<void>;
  #done = (): void => {};
  #fail = (_error: unknown): void => {};
  #samples: Samples;
  #view: View;
  #taken = 1;
  #stopTimer = (): void => {};

  constructor(sampler: Sampler, options: TopOptions & { readonly first: Status }) {
    this.#sampler = sampler;
    this.#options = options;
    this.#view = options.view;
    this.#samples = { now: options.first, before: undefined, failure: undefined };
    this.ended = new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#fail = reject;
    });
    this.#terminal = new Terminal({
      onInput: (input) => this.#guard(() => this.#type(input)),
      onResize: () => this.#guard(() => this.#draw()),
      onGone: () => this.#done(),
    });
  }

  start(): void {
    this.#terminal.enter();
    this.#wait();
  }

  stop(): void {
    this.#stopTimer();
    this.#terminal.leave();
    this.#sampler.close();
  }

  /** What goes wrong in an event ends it as if it had gone wrong before. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #wait(): void {
    const { count, intervalMs } = this.#options;
    this.#stopTimer = startTimer(intervalMs, () => {
      if (this.#taken === count) this.#done();
      else this.#sample().catch((error: unknown) => this.#fail(error));
    });
  }

  async #sample(): Promise<void> {
    if (!this.#view.isPaused) {
      this.#taken++;
      this.#take(await this.#sampler.take());
      this.#draw();
    }
    this.#wait();
  }

  #take(answer: Answer<Status>): void {
    if (answer.kind === 'result') {
      this.#samples = { now: answer.result, before: this.#samples.now, failure: undefined };
      return;
    }
    const { message } = describeControlFailure(answer.failure, this.#sampler.path);
    this.#samples = { ...this.#samples, failure: message };
  }

  #type(input: string): void {
    for (const key of keysOf(input)) {
      if (key === 'suspend') this.#terminal.suspend();
      else this.#press(key);
    }
    this.#draw();
  }

  #press(key: Key): void {
    if (key === 'redraw') this.#terminal.clear();
    const pageRows = Math.max(1, tableRows(this.#terminal.rows));
    const view = applyKey(this.#view, key, { services: this.#samples.now.services.length, pageRows });
    if (view === undefined) this.#done();
    else this.#view = view;
  }

  #draw(): void {
    const { columns, rows, hasColours } = this.#terminal;
    this.#terminal.draw(
      topScreen(this.#samples, { view: this.#view, screen: { columns, rows, hasColours } }),
    );
  }
}
