import type { Budget } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { PeerRule } from '../peer-rule.ts';
import { checkVariables } from './check-variables.ts';
import { keyPeer } from './key-peer.ts';
import { ruleKeys } from './rule-keys.ts';
import { parseRuleLine, type RuleLine } from './rule-line.ts';

const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;
const FOREIGN = /[^\x00-\x7f]/;

/** Reads the lines of one file of rules. Of rules for the same address the first counts, as in a constant database. */
export class RuleReader {
  readonly rules: PeerRule[] = [];
  readonly #report: Report;
  readonly #budget: Budget;
  readonly #file: ForeignFile;
  readonly #seen = new Map<string, Place>();

  constructor(file: ForeignFile, { report, budget }: { readonly report: Report; readonly budget: Budget }) {
    this.#file = file;
    this.#report = report;
    this.#budget = budget;
  }

  /** One line without the blanks at its end; what it is. */
  read(text: string, place: Place): 'rule' | 'problem' {
    const before = this.#report.errors;
    const isTaken = this.#takeCost(1) && this.#isReadable(text, place);
    const parsed = isTaken ? parseRuleLine(text) : undefined;
    if (parsed?.kind === 'faulty') {
      const message = `Cannot use ${quote(text)}: ${parsed.reason}`;
      const help = 'tcprules writes no rules at all for such a file';
      this.#report.add({ code: 'tcprules/syntax', at: place, message, help });
    }
    if (parsed?.kind === 'skipped') {
      const message = `Skipped ${quote(text)}, as tcprules does: there is no colon in it`;
      this.#report.add({ code: 'tcprules/skipped', at: place, message });
    }
    if (parsed?.kind === 'rule') this.#add(parsed.rule, place);
    return parsed?.kind === 'rule' && this.#report.errors === before ? 'rule' : 'problem';
  }

  #isReadable(text: string, place: Place): boolean {
    const control = CONTROL.exec(text);
    if (control) {
      const message = `Cannot use ${quote(control[0])}: it is a control character`;
      const start = place.start + control.index;
      const help = control[0] === '\r' ? 'convert the file with dos2unix(1)' : undefined;
      this.#report.add({ code: 'tcprules/syntax', at: { ...place, start, end: start + 1 }, message, help });
    } else if (!this.#file.isUtf8 && FOREIGN.test(text)) {
      const message = `Cannot use ${quote(text)}: the file is not UTF-8 text`;
      const help = 'convert the file with iconv(1)';
      this.#report.add({ code: 'tcprules/syntax', at: place, message, help });
    } else return true;
    return false;
  }

  #add({ address, grants, env }: RuleLine, place: Place): void {
    const keys = ruleKeys(address);
    if (!keys) {
      const message = `Cannot use ${quote(address)}: a range is of numbers, as in "1.2.3.37-53"`;
      this.#report.add({ code: 'tcprules/address', at: place, message });
      return;
    }
    if (!this.#takeCost(keys.length)) return;
    if (grants) checkVariables(env, { report: this.#report, place });
    else if (env.length > 0) {
      const message =
        'Ignored the variables, as tcpserver does: nothing is started for whom the rule refuses';
      this.#report.add({ code: 'tcprules/ignored', at: place, message });
    }
    const rule = { grants, env: grants ? env : [], place };
    const fresh = this.#freshKeys(keys, place);
    if (keys.length === 0) this.#warnOfNever(address, { place, reason: 'the range ends before it begins' });
    for (const key of fresh) this.#addKey(key, rule);
  }

  #addKey(key: string, rule: Omit<PeerRule, 'peer'>): void {
    const found = keyPeer(key);
    switch (found.kind) {
      case 'peer':
        this.rules.push({ ...rule, peer: found.peer });
        break;
      case 'never':
        this.#warnOfNever(key, { place: rule.place, reason: found.reason });
        break;
      case 'fault': {
        const message = `Cannot use ${quote(key)}: ${found.reason}`;
        this.#report.add({ code: found.code, at: rule.place, message, help: found.help });
      }
    }
  }

  #warnOfNever(key: string, { place, reason }: { readonly place: Place; readonly reason: string }): void {
    const message = `Left out the rule for ${quote(key)}, which no client matches: ${reason}`;
    this.#report.add({ code: 'tcprules/never-matches', at: place, message });
  }

  /** A range is one rule: of the numbers that have one already the first is told. */
  #freshKeys(keys: readonly string[], place: Place): readonly string[] {
    const fresh = keys.filter((key) => !this.#seen.has(key));
    const known = fresh.length < keys.length ? keys.find((key) => this.#seen.has(key)) : undefined;
    const first = known === undefined ? undefined : this.#seen.get(known);
    if (known !== undefined && first) {
      const message = `Left out another rule for ${quote(known)}: the first one counts`;
      const related = [{ at: first, message: 'first one' }];
      this.#report.add({ code: 'tcprules/duplicate', at: place, message, related });
    }
    for (const key of fresh) this.#seen.set(key, place);
    return fresh;
  }

  #takeCost(count: number): boolean {
    this.#budget.nodes -= count;
    if (this.#budget.nodes >= 0) return true;
    const message = 'Cannot read more rules: they are too many for a configuration';
    const help = 'put long lists of addresses into files, see "only_from"';
    const at = { source: this.#file.source, start: 0, end: 0 };
    this.#report.add({ code: 'config/too-many-nodes', at, message, help });
    return false;
  }
}
