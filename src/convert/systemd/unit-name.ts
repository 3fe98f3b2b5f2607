/** `prefix@instance.type`, as systemd.unit(5) has it. */
export interface UnitName {
  /** The whole of it, with the type. */
  readonly full: string;
  readonly prefix: string;
  /** Undefined where there is no `@`; empty in a template. */
  readonly instance: string | undefined;
  readonly type: 'socket' | 'service';
}

const FORM = /^([A-Za-z0-9:_.\\-]+)(?:@([A-Za-z0-9:_.\\@-]*))?\.(socket|service)$/;

/** Undefined for what is no socket and no service. */
export function parseUnitName(text: string): UnitName | undefined {
  const [full, prefix, instance, type] = FORM.exec(text) ?? [];
  if (full === undefined || prefix === undefined || full.length > 255) return undefined;
  return { full, prefix, instance, type: type === 'socket' ? 'socket' : 'service' };
}

/** The template of an instance, which is the file where the instance has none of its own. */
export function templateOf({ prefix, type }: UnitName): string {
  return `${prefix}@.${type}`;
}

/** The directories of drop-ins, the most particular first: `a-b@c.socket.d`, `a-b@.socket.d`, `a-.socket.d`, `socket.d`. */
export function dropInsOf(name: UnitName): readonly string[] {
  const { full, prefix, instance, type } = name;
  const parts = prefix.split('-');
  const beginnings = parts
    .slice(0, -1)
    .map((_, index) => `${parts.slice(0, index + 1).join('-')}-.${type}.d`);
  return [
    `${full}.d`,
    ...(instance ? [`${templateOf(name)}.d`] : []),
    ...beginnings.toReversed(),
    `${type}.d`,
  ];
}
