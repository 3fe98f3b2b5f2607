/** What zinetd itself is reached by: it answers there, and no handler is ever started for it. */
export type DeskKind = 'control' | 'control-read' | 'metrics';

/** No service can be called so: an `@` does not begin a name of one. */
export function deskName(kind: DeskKind): string {
  return `@${kind}`;
}
