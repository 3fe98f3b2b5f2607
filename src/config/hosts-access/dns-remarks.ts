import type { HostPattern, HostsRule, PatternList } from '../../model/hosts-rules.ts';
import type { Remark } from './hosts-problem.ts';

/** Every pattern with how many EXCEPTs stand before it. */
function* withDepth(list: PatternList<HostPattern>, depth = 0): Generator<readonly [HostPattern, number]> {
  for (const pattern of list.any) yield* flat(pattern, depth);
  if (list.except !== undefined) yield* withDepth(list.except, depth + 1);
}

function* flat(pattern: HostPattern, depth: number): Generator<readonly [HostPattern, number]> {
  if (pattern.kind !== 'file') yield [pattern, depth];
  else for (const inner of pattern.patterns) yield* flat(inner, depth);
}

const NAMED = new Set(['known', 'local', 'netgroup', 'name', 'domain', 'name-prefix', 'name-glob']);

/** Whether a client gets in because its name cannot be found: it slips past a denial, or is let in for that. */
function opensWithoutName(rule: HostsRule): boolean {
  return Array.from(withDepth(rule.clients)).some(([pattern, depth]) => {
    const grantsByMatching = rule.grants === (depth % 2 === 0);
    return grantsByMatching ? pattern.kind === 'unknown' : NAMED.has(pattern.kind);
  });
}

function hasPrefix(rule: HostsRule): boolean {
  return Array.from(withDepth(rule.clients)).some(([pattern]) => pattern.kind === 'name-prefix');
}

/** Warnings about rules that mean what they say, and maybe not what was meant (S41, S56). */
export function dnsRemarks(rule: HostsRule, offset: number): readonly Remark[] {
  const remarks: Remark[] = [];
  if (opensWithoutName(rule)) {
    remarks.push({
      code: 'hosts/depends-on-dns',
      offset,
      message: 'The rule lets in a client whose name cannot be found, which is in its own hands',
      help: 'write addresses, or allow what is meant and deny the rest',
    });
  }
  if (hasPrefix(rule)) {
    remarks.push({
      code: 'hosts/name-prefix',
      offset,
      message: 'The beginning of a name matches in every domain, also one of the client',
      help: 'write the whole name, or ".domain"',
    });
  }
  return remarks;
}
