import { InvariantError } from '../model/errors.ts';

/** A reservation of one handler; spent exactly once, whatever became of the launch. */
export interface Ticket {
  spend(): void;
}

/** A class and no closure: there is one for every connection. */
class Place implements Ticket {
  readonly #move: (service: number, by: number) => void;
  readonly #service: number;
  #isSpent = false;

  constructor(service: number, move: (service: number, by: number) => void) {
    this.#service = service;
    this.#move = move;
  }

  spend(): void {
    if (this.#isSpent) throw new InvariantError('Spent a ticket twice');
    this.#isSpent = true;
    this.#move(this.#service, -1);
  }
}

/** How many handlers of each service run or are being launched. Moves only through tickets. */
export class Ledger {
  readonly #running: number[] = [];
  #total = 0;

  running(service: number): number {
    return this.#running[service] ?? 0;
  }

  get total(): number {
    return this.#total;
  }

  reserve(service: number): Ticket {
    this.#move(service, 1);
    return new Place(service, this.#move);
  }

  readonly #move = (service: number, by: number): void => {
    this.#running[service] = this.running(service) + by;
    this.#total += by;
  };
}
