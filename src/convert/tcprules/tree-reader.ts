import { posix } from 'node:path';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { makeSource, type Place } from '../../config/source.ts';
import { parseAddress } from '../../model/address.ts';
import { prefixOf } from '../../model/prefix.ts';
import type { LineAccounts } from '../line-accounts.ts';
import type { PeerRule } from '../peer-rule.ts';
import { isDirectory, type SourceFiles, statsOf } from '../source-files.ts';
import type { AskedEntry, Entry } from './asked-entry.ts';
import { checkVariables } from './check-variables.ts';
import { nameRules } from './name-rules.ts';
import { readVariables } from './read-variables.ts';

interface Context {
  readonly report: Report;
  readonly accounts: LineAccounts<Entry>;
  readonly files: SourceFiles;
  readonly entry: AskedEntry;
}

type Verdict = Omit<PeerRule, 'peer'>;

/** What a directory of a rule says; undefined where it says nothing, so that the next is looked for, and after a report. */
function readVerdict(directory: string, context: Context): Verdict | undefined {
  const { report, accounts, entry, files } = context;
  const there = (name: string): boolean => statsOf(posix.join(directory, name)) !== undefined;
  const grants = there('allow');
  const path = posix.join(directory, grants ? 'allow' : 'deny');
  if (!grants && !there('deny')) return undefined;
  const place: Place = { source: makeSource(path, ''), start: 0, end: 0 };
  accounts.add('service', place, { entry });
  if (!grants) return { grants, env: [], place };
  if (there('exec')) {
    const message = `Cannot use ${quote(posix.join(directory, 'exec'))}: a command for one client by its address has no counterpart`;
    report.add({ code: 'tcprules/not-supported', at: place, message, help: 'see "decide"' });
  }
  const variables = there('env')
    ? readVariables(posix.join(directory, 'env'), { files, at: place })
    : new Map();
  const env = Array.from(variables ?? [], ([name, value]) => ({ name, value }));
  checkVariables(env, { report, place });
  return { grants, env, place };
}

/** `192.168.0.0_16`; undefined for a name that is none. */
function networkRule(
  name: string,
  { size, verdict }: { size: number; verdict: Verdict },
): PeerRule | undefined {
  const [, address = '', length = ''] = /^([^_]+)_(0|[1-9][0-9]{0,2})$/.exec(name) ?? [];
  const bytes = parseAddress(address);
  if (bytes?.length !== size || Number(length) > 8 * size) return undefined;
  const net = prefixOf(bytes, Number(length)).bytes;
  if (!net.every((byte, index) => byte === bytes[index])) return undefined;
  return { ...verdict, peer: { kind: 'network', bytes, length: Number(length) } };
}

const KINDS: Readonly<Record<string, (name: string, verdict: Verdict) => readonly PeerRule[] | undefined>> = {
  ip4: (name, verdict) => {
    const rule = networkRule(name, { size: 4, verdict });
    return rule && [rule];
  },
  ip6: (name, verdict) => {
    const rule = networkRule(name, { size: 16, verdict });
    return rule && [rule];
  },
  reversedns: (name, verdict) =>
    name === '@' ? [{ ...verdict, peer: { kind: 'named' } }] : nameRules(name, verdict),
};

export const TREE_KINDS: readonly string[] = Object.keys(KINDS);

/** The rules of a directory of s6; undefined after a report. */
export function readTree(directory: string, context: Context): readonly PeerRule[] | undefined {
  const { report, files } = context;
  const before = report.errors;
  const rules: PeerRule[] = [];
  for (const [kind, rulesOf] of Object.entries(KINDS)) {
    const parent = posix.join(directory, kind);
    if (!isDirectory(parent)) continue;
    for (const name of files.list(parent, { file: parent }) ?? []) {
      const path = posix.join(parent, name);
      const verdict = readVerdict(path, context);
      const found = verdict && rulesOf(name, verdict);
      if (found) rules.push(...found);
      else if (verdict) {
        const message = `Left out ${quote(path)}, which no client matches: its name is no ${kind === 'reversedns' ? 'name of a host' : 'network'}`;
        report.add({ code: 'tcprules/never-matches', at: verdict.place, message });
      }
    }
  }
  return report.errors > before ? undefined : rules;
}
