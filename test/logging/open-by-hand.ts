import type { Opened, OpenOutlet } from '../../src/logging/outlet-carrier.ts';

type Answer = Parameters<Parameters<OpenOutlet>[0]>[0];

/** What has outlets opened, with answers that a test gives when it likes. */
export class OpenByHand {
  readonly #asked: ((answer: Answer) => void)[] = [];
  /** Numbers of what was given out and closed again. */
  readonly closed: number[] = [];

  readonly open: OpenOutlet = (callback) => {
    this.#asked.push(callback);
  };

  /** How many answers are waited for. */
  get asked(): number {
    return this.#asked.length;
  }

  give(fd: number, close: () => void = () => {}): void {
    const descriptor: Opened = {
      fd,
      close: () => {
        this.closed.push(fd);
        close();
      },
    };
    this.#answer({ descriptor });
  }

  refuse(code: string): void {
    this.#answer({ code });
  }

  #answer(answer: Answer): void {
    const callback = this.#asked.shift();
    if (!callback) throw new Error('Nobody asked for an outlet');
    callback(answer);
  }
}
