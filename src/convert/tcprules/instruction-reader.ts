import { posix } from 'node:path';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import { makeSource, type Place } from '../../config/source.ts';
import { parseAddress } from '../../model/address.ts';
import type { LineAccounts } from '../line-accounts.ts';
import type { PeerRule, RuleVariable } from '../peer-rule.ts';
import { type SourceFiles, statsOf } from '../source-files.ts';
import type { AskedEntry, Entry } from './asked-entry.ts';
import { checkVariables } from './check-variables.ts';
import { nameRules } from './name-rules.ts';
import { linesOf } from './read-rules.ts';

interface Context {
  readonly report: Report;
  readonly accounts: LineAccounts<Entry>;
  readonly files: SourceFiles;
  readonly entry: AskedEntry;
}

const READ = 0o400;
const EXECUTE = 0o100;

/** What a line asks for that no rule of ours can: left out, a client would get more than it has. */
const REFUSED: readonly { readonly form: RegExp; readonly reason: string; readonly help: string }[] = [
  {
    form: /^C[0-9]/,
    reason: 'a limit of one client by its address has no counterpart',
    help: 'see "per_source" for one of all clients',
  },
  { form: /^=/, reason: 'names are not looked up for their addresses', help: 'see "decide"' },
];

/** One line that is neither blank nor a comment; undefined for one that sets no variable. */
function readInstruction(text: string, place: Place, report: Report): RuleVariable | undefined {
  const [, name, value] = /^\+([^=]*)=([\s\S]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { name, value };
  const refused = REFUSED.find(({ form }) => form.test(text));
  if (refused) {
    const message = `Cannot use ${quote(text)}: ${refused.reason}`;
    report.add({ code: 'tcprules/not-supported', at: place, message, help: refused.help });
  } else if (text.startsWith('+')) {
    const message = `Ignored ${quote(text)}: no rule takes a variable away`;
    report.add({ code: 'tcprules/no-counterpart', at: place, message, help: 'see "pass_env"' });
  } else {
    const message = `Skipped ${quote(text)}, as tcpsvd does: it is no instruction`;
    report.add({ code: 'tcprules/skipped', at: place, message });
  }
  return undefined;
}

function readLines(file: ForeignFile, { report, accounts, entry }: Context): readonly RuleVariable[] {
  const env: RuleVariable[] = [];
  for (const place of linesOf(file)) {
    const text = place.source.text.slice(place.start, place.end);
    const before = report.errors;
    if (text === '') accounts.add('blank', place);
    else if (text.startsWith('#')) accounts.add('comment', place);
    else {
      const variable = readInstruction(text, place, report);
      if (variable) {
        checkVariables([variable], { report, place });
        env.push(variable);
      }
      if (variable && report.errors === before) accounts.add('service', place, { entry });
      else accounts.add('problem', place);
    }
  }
  return env;
}

/** What the mode of a file and its lines say; undefined after a report. */
function readVerdict(path: string, place: Place, context: Context): Omit<PeerRule, 'peer'> | undefined {
  const mode = statsOf(path)?.mode ?? 0;
  if ((mode & EXECUTE) !== 0) {
    const message = `Cannot use ${quote(path)}: a command for one client by its address has no counterpart`;
    const help = 'see "decide" for a program that is asked about each client';
    return void context.report.add({ code: 'tcprules/not-supported', at: place, message, help });
  }
  if ((mode & READ) === 0) {
    context.accounts.add('service', place, { entry: context.entry });
    return { grants: false, env: [], place };
  }
  const file = context.files.read(path, place);
  if (!file) return undefined;
  const whole = { source: file.source, start: 0, end: 0 };
  if (file.source.text === '') context.accounts.add('service', whole, { entry: context.entry });
  return { grants: true, env: readLines(file, context), place: whole };
}

function rulesOf(name: string, rule: Omit<PeerRule, 'peer'>): readonly PeerRule[] | undefined {
  if (name === '0') return [{ ...rule, peer: { kind: 'all' } }];
  if (!/^[0-9]+(\.[0-9]+){0,3}$/.test(name)) return nameRules(name, rule);
  const octets = name.split('.');
  const bytes = parseAddress([...octets, '0', '0', '0'].slice(0, 4).join('.'));
  return bytes && [{ ...rule, peer: { kind: 'network', bytes, length: 8 * octets.length } }];
}

/** The instructions of a directory of ipsvd; undefined after a report. */
export function readInstructions(directory: string, context: Context): readonly PeerRule[] | undefined {
  const { report } = context;
  const before = report.errors;
  const at = { file: directory };
  const names = context.files.list(directory, at);
  if (!names) return undefined;
  const rules = names.flatMap((name) => {
    const path = posix.join(directory, name);
    const place = { source: makeSource(path, ''), start: 0, end: 0 };
    const verdict = readVerdict(path, place, context);
    const found = verdict && rulesOf(name, verdict);
    if (found || !verdict) return found ?? [];
    const message = `Left out ${quote(path)}, which no client matches: its name is neither an address nor that of a host`;
    report.add({ code: 'tcprules/never-matches', at: place, message });
    return [];
  });
  return report.errors > before ? undefined : rules;
}
