import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

const DEADLINE_MS = 15_000;

/** A program that is talked to as a person would. */
export class Dialogue {
  /** The end: exit status, or the name of the signal. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcessWithoutNullStreams;
  #heard = '';
  #position = 0;
  #look: () => void = () => {};

  constructor(argv: readonly string[]) {
    const [program = '', ...args] = argv;
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TERM: 'xterm' };
    this.#child = spawn(program, args, { env, cwd: '/' });
    this.ended = new Promise((done) => this.#child.on('close', (code, signal) => done(code ?? signal ?? '')));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#heard += text;
        this.#look();
      });
    }
    this.#child.stdin.on('error', () => {});
  }

  say(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits until it says something that matches, after what matched before. */
  hear(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${why} before ${pattern}; it said: ${this.#heard}`));
      const timer = setTimeout(() => fail('The time was over'), DEADLINE_MS);
      this.#look = () => {
        const match = this.#heard.slice(this.#position).match(pattern);
        if (!match) return;
        this.#position += (match.index ?? 0) + match[0].length;
        this.#look = () => {};
        clearTimeout(timer);
        resolve(match);
      };
      this.ended.then((end) => fail(`It ended with ${end}`));
      this.#look();
    });
  }

  /** What runs on a terminal of its making is hung up on. */
  kill(): Promise<number | string> {
    this.#child.kill('SIGKILL');
    return this.ended;
  }
}

/** Starts a program to talk to, for the test that calls it, which ends it if it has not ended. */
export function startDialogue(argv: readonly string[]): Dialogue {
  const dialogue = new Dialogue(argv);
  onTestFinished(async () => {
    await dialogue.kill();
  });
  return dialogue;
}
