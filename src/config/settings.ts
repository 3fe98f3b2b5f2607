import type { AttributeName, DaemonDocument, DaemonName, ServiceDocument } from './document.ts';
import type { Place } from './source.ts';
import type { SyntaxNode } from './syntax-node.ts';

/** A valid value with its origin. */
export interface Setting<T> {
  readonly value: T;
  /** Undefined: built in, written nowhere. */
  readonly node: SyntaxNode | undefined;
}

export type Settings = { readonly [K in AttributeName]?: Setting<ServiceDocument[K]> };

/** What the daemon has once. */
export type DaemonSettings = { readonly [K in DaemonName]?: Setting<DaemonDocument[K]> };

/** The attributes that a service, or `defaults`, sets. */
export interface SettingsGroup {
  /** Has no prototype. */
  readonly settings: Settings;
  /** Set, but wrong and reported: to be treated as neither set nor absent. */
  readonly faulty: ReadonlySet<AttributeName>;
}

export interface ServiceSettings extends SettingsGroup {
  readonly name: string;
  /** Of the name. */
  readonly place: Place;
}

/** A document whose every value has the right type; nothing has been looked up. */
export interface ValidDocument {
  readonly includes: readonly Setting<string>[];
  readonly daemon: DaemonSettings;
  readonly defaults: SettingsGroup;
  readonly services: readonly ServiceSettings[];
}
