import { InvariantError } from '../model/errors.ts';

/** A reservation of one handler; spent exactly once, whatever became of the launch. */
export interface Ticket {
  spend(): void;
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
    let spent = false;
    return {
      spend: () => {
        if (spent) throw new InvariantError('Spent a ticket twice');
        spent = true;
        this.#move(service, -1);
      },
    };
  }

  #move(service: number, by: number): void {
    this.#running[service] = this.running(service) + by;
    this.#total += by;
  }
}
