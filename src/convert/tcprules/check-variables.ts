import { ENV_NAME } from '../../config/env-name.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { RuleVariable } from '../peer-rule.ts';

/** Variables that a widespread patch of tcpserver takes for limits. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ['MAXLOAD', 'max_load'],
  ['MAXCONNIP', 'per_source'],
  ['MAXCONNC', 'per_source'],
  ['DIEMSG', 'policies'],
]);
const SHUTS = /^0*$/;

interface Context {
  readonly report: Report;
  readonly place: Place;
}

function checkLimit({ name, value }: RuleVariable, { report, place }: Context): void {
  const attribute = LIMITS.get(name);
  if (attribute === undefined) return;
  if (name !== 'DIEMSG' && value !== '' && SHUTS.test(value)) {
    const message = `Cannot use ${quote(`${name}=${value}`)}: a patched tcpserver serves nobody there, and others do not know it`;
    report.add({
      code: 'tcprules/limit',
      at: place,
      message,
      help: 'write "deny" if that is meant, or remove it',
    });
    return;
  }
  const message = `Passed ${quote(name)} on as a variable only: a patched tcpserver takes it for a limit`;
  report.add({ code: 'tcprules/patch', at: place, message, help: `see the attribute "${attribute}"` });
}

function fault({ name, value }: RuleVariable): string | undefined {
  if (!ENV_NAME.test(name)) return `${quote(name)} is no name of a variable`;
  if (value !== value.trim()) return 'a value that begins or ends with a blank cannot be carried over';
  return undefined;
}

/** What is wrong with the variables of a rule, and what they may be meant for. */
export function checkVariables(env: readonly RuleVariable[], context: Context): void {
  for (const variable of env) {
    const reason = fault(variable);
    if (reason === undefined) checkLimit(variable, context);
    else {
      const message = `Cannot set ${quote(`${variable.name}=${variable.value}`)} for clients: ${reason}`;
      context.report.add({ code: 'tcprules/variable', at: context.place, message });
    }
  }
}
