import type { Caller } from './caller.ts';

/** What a case is played on. */
export interface Stage {
  readonly clients: Caller;
  /** The port of the service of the case, or of another service by its name. */
  port(name?: string): number;
  /** Whether a process still runs. */
  isAlive(pid: number): boolean;
}

/** What the clients saw, a line for each thing. */
export type Seen = readonly string[];

/** A service or more, and clients of them. */
export interface Case {
  /** The name of the first service, which is its id unless the stanza has another. */
  readonly name: string;
  /** Its attributes, a line each; `-user` leaves out one that stanzas have otherwise. */
  readonly stanza: string;
  /** More services, by name. */
  readonly others?: Readonly<Record<string, string>>;
  /** The stanza after the act of the group, if it is another one; undefined takes the service away. */
  readonly later?: { readonly stanza: string | undefined };
  /** The service comes with the act. */
  readonly isNew?: boolean;
  /** What happens before the act of the group. */
  readonly before?: (stage: Stage) => Promise<unknown>;
  readonly play: (stage: Stage) => Promise<Seen>;
}
