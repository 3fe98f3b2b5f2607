import { ControlClient } from '../../control/control-client.ts';
import type { Answer } from '../../control/control-failure.ts';
import type { Status } from '../../control/messages.ts';
import { startTimer } from '../start-timer.ts';

/** Asks a daemon for its status again and again, over one connection while that lasts. */
export class Sampler {
  readonly path: string;
  readonly #deadlineMs: number;
  #client: ControlClient | undefined;

  constructor(path: string, deadlineMs: number) {
    this.path = path;
    this.#deadlineMs = deadlineMs;
  }

  async take(): Promise<Answer<Status>> {
    this.#client ??= new ControlClient(this.path, startTimer);
    const answer = await this.#client.ask('status', { params: {}, deadlineMs: this.#deadlineMs });
    if (answer.kind === 'failure') this.close();
    return answer;
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }
}
