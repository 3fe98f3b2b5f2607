import { ReadStream, WriteStream } from 'node:tty';
import { printOut } from '../print.ts';

const STDIN = 0;
const STDOUT = 1;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** The alternate screen, no cursor, and no new line at the end of a full one. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_TO_END_OF_LINE = '\x1b[K';

/** What a terminal tells; each may come at any time between `enter` and `leave`. */
export interface TerminalListener {
  onInput(input: string): void;
  onResize(): void;
  /** Nothing can come any more. */
  onGone(): void;
}

/**
 * The terminal that is standard input and output. The streams of node:tty open it anew: the descriptors that others
 * share keep their flags (S16), and what is drawn goes through fs.writeSync.
 */
export class Terminal {
  readonly #input = new ReadStream(STDIN);
  readonly #output = new WriteStream(STDOUT);
  readonly #listener: TerminalListener;
  readonly #leave = (): void => this.leave();
  #isEntered = false;

  constructor(listener: TerminalListener) {
    this.#listener = listener;
    this.#input.on('data', (chunk) => listener.onInput(chunk.toString('latin1')));
    this.#input.on('error', () => listener.onGone());
    this.#input.on('end', () => listener.onGone());
    this.#input.pause();
    process.on('SIGWINCH', () => this.#resize());
    process.on('SIGCONT', () => this.enter());
    // Whatever ends this process, it leaves the terminal as it was; an error is to be read there.
    process.on('exit', this.#leave);
    process.on('uncaughtExceptionMonitor', this.#leave);
    for (const name of SIGNALS) process.on(name, () => this.#endBy(name));
  }

  get columns(): number {
    return this.#output.columns;
  }

  get rows(): number {
    return this.#output.rows;
  }

  /** Whether TERM and NO_COLOR let it have any. */
  get hasColours(): boolean {
    return this.#output.hasColors();
  }

  enter(): void {
    this.#isEntered = true;
    this.#input.setRawMode(true);
    this.#input.resume();
    printOut(ENTER);
    this.#resize();
  }

  /** As it was before; more than once does no harm. */
  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    try {
      printOut(LEAVE);
      this.#input.setRawMode(false);
    } catch {
      // It is the terminal itself that has gone.
    }
    this.#input.pause();
  }

  draw(lines: readonly string[]): void {
    if (!this.#isEntered) return;
    printOut(`${HOME}${lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}`).join('\r\n')}`);
  }

  clear(): void {
    printOut('\x1b[2J');
  }

  /** What Ctrl-Z does elsewhere; SIGCONT comes back. */
  suspend(): void {
    this.leave();
    process.kill(process.pid, 'SIGTSTP');
  }

  #resize(): void {
    // Node does this by itself for process.stdout only, which nobody here may touch.
    (this.#output as unknown as { _refreshSize(): void })._refreshSize();
    this.#listener.onResize();
  }

  #endBy(name: NodeJS.Signals): void {
    this.leave();
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  }
}
