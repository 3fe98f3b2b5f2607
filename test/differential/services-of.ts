import type { Case } from './case.ts';

/** A service of a case, as its file has it. */
export interface Stanza {
  /** `NAME`, or `NAME/WORD` where the case has several of a name. */
  readonly key: string;
  readonly name: string;
  /** What it is called in the log. */
  readonly id: string;
  /** Its own lines; undefined where the file lacks it. */
  readonly text: string | undefined;
}

function stanza(key: string, text: string | undefined): Stanza {
  const [name = key] = key.split('/');
  return { key, name, id: text?.match(/^\s*id = (\S+)$/m)?.[1] ?? name, text };
}

/** The services of a case, before the act of its group or after it. */
export function servicesOf(it: Case, isLater: boolean): readonly Stanza[] {
  const then = isLater && it.later ? it.later.stanza : it.stanza;
  const others = Object.entries(it.others ?? {}).map(([key, text]) => stanza(key, text));
  return [stanza(it.name, it.isNew && !isLater ? undefined : then), ...others];
}
