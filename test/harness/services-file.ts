import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './scratch.ts';

type Services = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A file of services that can be written anew. */
export class ServicesFile {
  readonly #path = join(scratch('services'), 'services.yaml');

  constructor(services: Services) {
    this.write(services);
  }

  /** A configuration of nothing but these. */
  get config(): string {
    return JSON.stringify({ version: 1, include: [this.#path] });
  }

  write(services: Services): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify({ services }), { mode: 0o644 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}
