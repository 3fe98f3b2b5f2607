import type { Report } from '../../config/report.ts';
import type { MapEntry, SyntaxNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Directive } from './directive.ts';
import { numberOf } from './number-of.ts';
import type { ShapedService } from './service-context.ts';
import type { Token } from './token.ts';

type Limit = number | 'unlimited';

function limitOf(token: Token | undefined, report: Report): Limit {
  return token?.kind === 'number' ? numberOf(token, report) : 'unlimited';
}

/** The last of both; one that is missing is none. */
function pairNode(block: readonly Directive[], directive: Directive, report: Report): SyntaxNode {
  const [soft, hard] = ['soft', 'hard'].map((name) => {
    const token = block.findLast((each) => each.name.text === name)?.values[0];
    return entryOf(name, scalarNode(limitOf(token, report), token?.place ?? directive.name.place));
  });
  return mapNode([soft, hard], directive.place);
}

/** The limits of the program, in the units of setrlimit(2). */
export function rlimitsEntry({ service, report }: ShapedService): MapEntry | undefined {
  const limits = service.actions.flatMap((directive): readonly MapEntry[] => {
    const [resource, value] = directive.values;
    if (directive.name.text !== 'rlimit' || !resource) return [];
    const node = directive.block
      ? pairNode(directive.block, directive, report)
      : scalarNode(limitOf(value, report), value?.place ?? directive.place);
    return [{ key: resource.text, keyPlace: resource.place, value: node }];
  });
  const [first] = limits;
  return first && entryOf('rlimits', mapNode(limits, first.keyPlace));
}
