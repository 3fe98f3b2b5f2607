interface Caller<Answer> {
  callback(answer: Answer): void;
  cancel(): void;
}

interface Open<Answer> {
  readonly id: number;
  readonly key: string;
  readonly callers: Set<Caller<Answer>>;
}

/** Questions under way, each with the callers that wait for it; a caller is called back exactly once. */
export class OpenQuestions<Answer> {
  readonly #after: (delayMs: number, callback: () => void) => () => void;
  readonly #byKey = new Map<string, Open<Answer>>();
  readonly #byId = new Map<number, Open<Answer>>();

  constructor(after: (delayMs: number, callback: () => void) => () => void) {
    this.#after = after;
  }

  /**
   * Waits for the answer to the question `key`, or for `late` once the time is over. True when nobody else has
   * asked it, so that it has to be asked, as `id`.
   */
  wait(
    question: {
      readonly key: string;
      readonly id: number;
      readonly deadlineMs: number;
      readonly late: Answer;
    },
    callback: (answer: Answer) => void,
  ): boolean {
    const before = this.#byKey.get(question.key);
    const open = before ?? { id: question.id, key: question.key, callers: new Set() };
    if (!before) {
      this.#byKey.set(open.key, open);
      this.#byId.set(open.id, open);
    }
    const expire = (): void => {
      open.callers.delete(caller);
      if (open.callers.size === 0) this.#close(open);
      callback(question.late);
    };
    const caller = { callback, cancel: this.#after(question.deadlineMs, expire) };
    open.callers.add(caller);
    return before === undefined;
  }

  /** The key of question `id`; undefined when nobody waits for it any more. */
  keyOf(id: number): string | undefined {
    return this.#byId.get(id)?.key;
  }

  answer(id: number, answer: Answer): void {
    const open = this.#byId.get(id);
    if (!open) return;
    this.#close(open);
    for (const caller of open.callers) caller.cancel();
    for (const caller of open.callers) caller.callback(answer);
  }

  /** Questions that a caller asks when it is called back are new ones, not among these. */
  answerAll(answer: Answer): void {
    for (const id of [...this.#byId.keys()]) this.answer(id, answer);
  }

  #close(open: Open<Answer>): void {
    this.#byKey.delete(open.key);
    this.#byId.delete(open.id);
  }
}
