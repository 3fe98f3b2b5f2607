import { type Instruction, instruction, MAX_CONDITIONAL_JUMP, OPCODES } from './instruction.ts';

/** An instruction by how many there are from it to the end of the program, itself included. */
export type Place = number;

/** One more instruction may come between a branch and its targets. */
const REACH = MAX_CONDITIONAL_JUMP - 1;

/**
 * A program that is built from its end: jumps only go forwards, to what is there already, so that code which means
 * the same can be there once. The kernel's price for a filter is by the instruction, not by those that run.
 */
export class ProgramBuilder {
  readonly #backwards: Instruction[] = [];
  readonly #places = new Map<string, Place>();

  /** The finished program. */
  get instructions(): readonly Instruction[] {
    return this.#backwards.toReversed();
  }

  /** The place of what `make` makes, which is made once for each meaning. */
  once(meaning: string, make: () => Place): Place {
    const place = this.#places.get(meaning) ?? make();
    this.#places.set(meaning, place);
    return place;
  }

  /** Ends with this value. */
  give(value: number): Place {
    const meaning = `give ${value}`;
    const known = this.#places.get(meaning);
    // A copy takes no more room than a jump to it would.
    if (known !== undefined && this.#skipped(known) > REACH) this.#places.delete(meaning);
    return this.once(meaning, () => this.#push(instruction(OPCODES.give, value)));
  }

  /** An instruction that is followed by what is at `next`. */
  before(next: Place, code: { readonly code: number; readonly k: number }): Place {
    if (this.#skipped(next) > 0) this.#push(instruction(OPCODES.jump, this.#skipped(next)));
    return this.#push(instruction(code.code, code.k));
  }

  /** Goes on at one of two places, by a comparison of the accumulator with `k`. */
  branch(
    code: number,
    options: { readonly k: number; readonly ifTrue: Place; readonly ifFalse: Place },
  ): Place {
    if (options.ifTrue === options.ifFalse) return options.ifTrue;
    const ifFalse = this.#near(options.ifFalse);
    const ifTrue = this.#near(options.ifTrue);
    const jumps = { ifTrue: this.#skipped(ifTrue), ifFalse: this.#skipped(ifFalse) };
    return this.#push(instruction(code, options.k, jumps));
  }

  /** A place within reach of a branch that leads to this one: a jump has four bytes, a branch one for each way. */
  #near(place: Place): Place {
    const skipped = this.#skipped(place);
    return skipped > REACH ? this.#push(instruction(OPCODES.jump, skipped)) : place;
  }

  /** How many instructions there would be between the next one and this place. */
  #skipped(place: Place): number {
    return this.#backwards.length - place;
  }

  #push(next: Instruction): Place {
    return this.#backwards.push(next);
  }
}
