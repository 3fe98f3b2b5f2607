import type { Place } from './open-place.ts';

/** What a super-server is started with. */
export interface SuperServerOptions {
  readonly place: Place;
  /** The path of the xinetd.conf. */
  readonly file: string;
  /** Where its services log to. */
  readonly log: string;
}

/** zinetd, or another that reads the same file. */
export interface SuperServer {
  readonly ended: Promise<number | string>;
  hasEnded(): boolean;
  signal(name: NodeJS.Signals): void;
  /** Waits until it has read its file anew. */
  reloaded(): Promise<unknown>;
  /** The processes that serve. */
  handlers(): readonly number[];
}
