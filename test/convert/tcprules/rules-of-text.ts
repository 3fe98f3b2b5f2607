import { admit } from '../../../src/admission/admit.ts';
import { checksOf } from '../../../src/admission/checks-of.ts';
import type { NameFact } from '../../../src/admission/facts.ts';
import { prepareService } from '../../../src/admission/prepared.ts';
import { policyOf } from '../../../src/compile/policy.ts';
import { newBudget } from '../../../src/config/budget.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import type { MapEntry } from '../../../src/config/syntax-node.ts';
import { LineAccounts } from '../../../src/convert/line-accounts.ts';
import type { PeerRule } from '../../../src/convert/peer-rule.ts';
import { accessEntries } from '../../../src/convert/tcprules/access-entries.ts';
import { type AskedRules, TCPRULES } from '../../../src/convert/tcprules/asked-rules.ts';
import { readRules } from '../../../src/convert/tcprules/read-rules.ts';
import { entryOf, mapNode, scalarNode } from '../../../src/convert/tree.ts';
import { arrivalFrom, facts } from '../../admission/example-facts.ts';
import { fakeHost } from '../../config/fake-host.ts';

export interface RulesRead {
  readonly rules: readonly PeerRule[] | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** `line:column code` of each. */
  readonly places: readonly string[];
  /** The lists or rules that they become, as plain values. */
  readonly access: Readonly<Record<string, unknown>> | undefined;
  readonly entries: readonly (MapEntry | undefined)[];
  readonly accounts: ReturnType<LineAccounts<string>['close']>;
}

/** A text of rules, read and put in our words. */
export function rulesOfText(
  text: string,
  {
    isUtf8 = true,
    lookUp = TCPRULES,
    confirmsNames = false,
  }: { isUtf8?: boolean; lookUp?: AskedRules['lookUp']; confirmsNames?: boolean } = {},
): RulesRead {
  const report = new Report({ leavesOut: true });
  const accounts = new LineAccounts<string>();
  const source = makeSource('rules', text);
  const file = { path: 'rules', source, isUtf8 };
  const rules = readRules(file, { report, budget: newBudget(), accounts, entry: 'rules' });
  const at = { source, start: 0, end: 0 };
  const entries = rules ? accessEntries(rules, { lookUp: { ...lookUp, confirmsNames }, report, at }) : [];
  const diagnostics = report.diagnostics();
  return {
    rules,
    diagnostics,
    entries,
    places: diagnostics.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`),
    access: rules && (structuredClone(plainValue(mapNode(entries, at))) as Record<string, unknown>),
    accounts: accounts.close(() => ({ kind: 'service', name: 'rules' })),
  };
}

export interface Answered {
  /** Neither is when a name would have to be looked up. */
  readonly verdict: 'admitted' | 'refused' | 'undecided';
  readonly env: Readonly<Record<string, string>>;
}

/** A service with these lists or rules, and what becomes of a client of it. */
export function serviceWith(
  entries: readonly (MapEntry | undefined)[],
): (client: { readonly address: string; readonly name: NameFact }) => Answered {
  const at = { source: makeSource('rules', ''), start: 0, end: 0 };
  const text = (key: string, value: string) => entryOf(key, scalarNode(value, at));
  const rows = [text('listen', 'tcp://*:7'), text('server', '/bin/true'), text('user', 'me'), ...entries];
  const services = entryOf('services', mapNode([entryOf('s', mapNode(rows, at))], at));
  const root = mapNode([entryOf('version', scalarNode(1, at)), services], at);
  const { config, diagnostics } = loadConfig(
    { paths: ['rules'], format: () => ({ root, accounts: [] }) },
    fakeHost(),
  );
  const [policy] = config ? policyOf(config).services : [];
  if (!config || !policy) throw new Error(JSON.stringify(diagnostics));
  const service = prepareService(policy, undefined);
  const checks = checksOf(service);
  return ({ address, name }) => {
    const verdict = admit(checks, { service, arrival: arrivalFrom(address), facts: facts({ name }) });
    const program = config.services[0]?.programs[verdict.kind === 'admitted' ? verdict.variant : 0];
    const env = Object.fromEntries(
      (program?.env ?? []).map((each) => [
        each.slice(0, each.indexOf('=')),
        each.slice(each.indexOf('=') + 1),
      ]),
    );
    return { verdict: verdict.kind, env: verdict.kind === 'admitted' ? env : {} };
  };
}
