import { assertNever } from '../../model/assert-never.ts';
import { itemAt } from '../../model/item-at.ts';
import type { PatternNode } from './pattern-node.ts';

type Positions = ReadonlySet<number>;

/** Where a text may go on behind `part`, from each of these positions: nothing is ever tried twice (S109). */
function after(part: PatternNode, from: Positions, text: readonly string[]): Positions {
  switch (part.kind) {
    case 'character':
      return new Set(
        [...from].filter((at) => at < text.length && part.takes(itemAt(text, at))).map((at) => at + 1),
      );
    case 'start':
      return new Set([...from].filter((at) => at === 0));
    case 'end':
      return new Set([...from].filter((at) => at === text.length));
    case 'sequence':
      return part.parts.reduce((positions, each) => after(each, positions, text), from);
    case 'choice':
      return new Set(part.parts.flatMap((each) => [...after(each, from, text)]));
    case 'repeat':
      return afterRepeat(part, from, text);
    default:
      return assertNever(part);
  }
}

function afterRepeat(
  { part, least, most }: Extract<PatternNode, { kind: 'repeat' }>,
  from: Positions,
  text: readonly string[],
): Positions {
  let fresh = from;
  for (let times = 0; times < least; times++) fresh = after(part, fresh, text);
  const all = new Set(fresh);
  for (let times = least; times < most && fresh.size > 0; times++) {
    fresh = new Set([...after(part, fresh, text)].filter((at) => !all.has(at)));
    for (const at of fresh) all.add(at);
  }
  return all;
}

/** Whether the pattern is found anywhere in a name, as regexec(3) looks for it. */
export function matchesPattern(pattern: PatternNode, name: string): boolean {
  const text = Array.from(name);
  return after(pattern, new Set(Array.from({ length: text.length + 1 }, (_, at) => at)), text).size > 0;
}
