import type { LineAccount } from '../../config/foreign-format.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { LineAccounts, type Outcome } from '../line-accounts.ts';
import type { LineUse, Unit } from './unit.ts';

/** A socket unit, its service, and what they became; undefined where they are left out. */
export interface Converted {
  readonly socket: Unit;
  readonly service: Unit | undefined;
  readonly entry: MapEntry | undefined;
}

/** Lines of a section are one account, as far as nothing stands between them. */
function runsOf(lines: readonly LineUse[]): readonly LineUse[] {
  const runs: LineUse[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.kind !== line.kind) runs.push(line);
    else runs[runs.length - 1] = { ...last, place: { ...last.place, end: line.place.end } };
  }
  return runs;
}

/** A service that several sockets start is told of once. */
function outcomesOf(converted: readonly Converted[]): ReadonlyMap<Unit, Outcome> {
  const outcomes = new Map<Unit, Outcome>();
  for (const { socket, service, entry } of converted) {
    const outcome: Outcome = entry
      ? { kind: 'service', name: entry.key }
      : { kind: 'problem', name: undefined };
    for (const unit of [socket, service]) {
      if (unit && outcomes.get(unit)?.kind !== 'service') outcomes.set(unit, outcome);
    }
  }
  return outcomes;
}

/** What became of each line of each file. */
export function accountFor(converted: readonly Converted[], units: readonly Unit[]): readonly LineAccount[] {
  const outcomes = outcomesOf(converted);
  const accounts = new LineAccounts<Unit>();
  const seen = new Set<string>();
  for (const unit of units) {
    for (const { file, lines } of unit.files.filter((each) => !seen.has(each.file.source.name))) {
      seen.add(file.source.name);
      for (const { kind, place } of runsOf(lines)) {
        if (kind === 'own') accounts.add('service', place, { entry: unit });
        else accounts.add(kind, place);
      }
    }
  }
  return accounts.close((unit) => outcomes.get(unit) ?? { kind: 'problem', name: undefined });
}
