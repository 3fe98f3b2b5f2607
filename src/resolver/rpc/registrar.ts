import type { RpcRegistration, RpcState, RpcTrouble } from '../../model/rpc.ts';
import { setMapping, unsetMapping } from './change-mapping.ts';
import { Retry } from './retry.ts';
import type { RpcbindLink } from './rpcbind-link.ts';
import { troubleOf } from './trouble-of.ts';

export interface RegistrarWorld {
  /** A link, or the symbolic errno. */
  connect(): Promise<RpcbindLink | { readonly code: string }>;
  /** Calls back once, after a time; gives the function that calls it off. */
  after(delayMs: number, callback: () => void): () => void;
  /** What has become of registration `id`: each change, and the end of one that was withdrawn. */
  report(id: number, state: RpcState): void;
}

interface Item {
  readonly id: number;
  readonly registration: RpcRegistration;
  /** What is to be done next; undefined: nothing, until something changes. */
  due: 'set' | 'unset' | undefined;
  /** The versions that rpcbind has taken, so that nothing else is undone. */
  readonly versions: Set<number>;
  told: RpcState | undefined;
}

function mappingOf({ registration }: Item, version: number) {
  const { program, netid, address } = registration;
  return { program, version, netid, address };
}

/** One trouble may show in several ways: an rpcbind that ends, for instance. */
function isSame(one: RpcState | undefined, other: RpcState): boolean {
  if (one?.kind === 'failed' && other.kind === 'failed') return one.why === other.why;
  return one?.kind === other.kind;
}

/** Keeps in rpcbind what it is told to, also when rpcbind is another one later (RFC 1833). */
export class Registrar {
  readonly #world: RegistrarWorld;
  readonly #items = new Map<number, Item>();
  #link: RpcbindLink | undefined;
  #isWorking = false;
  /** Nothing is set before the next try. */
  #isAway = false;
  readonly #retry: Retry;

  constructor(world: RegistrarWorld) {
    this.#world = world;
    this.#retry = new Retry(world.after, () => this.#tryAgain());
  }

  register(id: number, registration: RpcRegistration): void {
    this.#items.set(id, { id, registration, due: 'set', versions: new Set(), told: undefined });
    void this.#work();
  }

  unregister(id: number): void {
    const item = this.#items.get(id);
    if (item) item.due = 'unset';
    else this.#world.report(id, { kind: 'gone' });
    void this.#work();
  }

  /** One call at a time, until nothing is due. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let item = this.#next(); item; item = this.#next()) await this.#attend(item);
    this.#isWorking = false;
    if (!this.#isAway) this.#retry.reset();
    if (this.#items.size === 0) this.#rest();
  }

  /** What goes makes room for what comes. */
  #next(): Item | undefined {
    const items = [...this.#items.values()];
    const leaving = items.find(({ due }) => due === 'unset');
    return leaving ?? (this.#isAway ? undefined : items.find(({ due }) => due === 'set'));
  }

  async #attend(item: Item): Promise<void> {
    const isNothing = item.due === 'unset' && item.versions.size === 0;
    const link = isNothing ? undefined : (this.#link ?? (await this.#connect()));
    if (link && !('code' in link))
      await (item.due === 'unset' ? this.#unset(item, link) : this.#set(item, link));
    // Without rpcbind there is nothing left to undo.
    else if (item.due === 'unset') this.#finish(item, { kind: 'gone' });
    else if (link) this.#onUnreachable(link.code);
  }

  async #connect(): Promise<RpcbindLink | { readonly code: string }> {
    const link = await this.#world.connect();
    if ('code' in link) return link;
    this.#link = link;
    link.onGone = () => this.#onLost();
    return link;
  }

  #onUnreachable(code: string): void {
    this.#onLost();
    this.#tellUnreachable(code);
  }

  async #set(item: Item, link: RpcbindLink): Promise<void> {
    const { low, high } = item.registration;
    let trouble: RpcTrouble | undefined;
    for (let version = low; version <= high && item.due === 'set'; version++) {
      const outcome = await setMapping(link, mappingOf(item, version));
      if (outcome.kind === 'lost') return this.#tellUnreachable(outcome.code);
      if (outcome.kind === 'done') item.versions.add(version);
      else trouble ??= troubleOf(outcome);
    }
    if (item.due !== 'set') return;
    item.due = undefined;
    this.#tell(item, trouble ? { kind: 'failed', ...trouble } : { kind: 'registered' });
    if (trouble) this.#retry.late();
  }

  /** What has another owner by now is not ours to undo, and no trouble. */
  async #unset(item: Item, link: RpcbindLink): Promise<void> {
    let trouble: RpcTrouble | undefined;
    for (const version of item.versions) {
      const outcome = await unsetMapping(link, mappingOf(item, version));
      if (outcome.kind === 'refused' || outcome.kind === 'lost') trouble ??= troubleOf(outcome);
      if (outcome.kind === 'lost') break;
    }
    this.#finish(item, trouble ? { kind: 'left', ...trouble } : { kind: 'gone' });
  }

  /** Another rpcbind knows nothing of what this one was told. */
  #onLost(): void {
    this.#link = undefined;
    this.#isAway = true;
    for (const item of this.#items.values()) item.due ??= 'set';
    this.#retry.soon();
  }

  #tellUnreachable(code: string): void {
    for (const item of this.#items.values()) {
      if (item.due === 'set') this.#tell(item, { kind: 'failed', why: 'unreachable', code });
    }
  }

  #tryAgain(): void {
    this.#isAway = false;
    for (const item of this.#items.values()) if (item.told?.kind === 'failed') item.due ??= 'set';
    void this.#work();
  }

  /** Once for each trouble, and its end. */
  #tell(item: Item, state: RpcState): void {
    const isKnown = isSame(item.told, state);
    item.told = state;
    if (!isKnown) this.#world.report(item.id, state);
  }

  #finish(item: Item, state: RpcState): void {
    this.#items.delete(item.id);
    this.#world.report(item.id, state);
  }

  /** Nobody wants anything of rpcbind. */
  #rest(): void {
    this.#retry.stop();
    this.#isAway = false;
    this.#link?.close();
    this.#link = undefined;
  }
}
