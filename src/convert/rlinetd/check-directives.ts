import { didYouMean } from '../../config/nearest.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Directive } from './directive.ts';
import { ACTIONS, blockForms, type Form, SERVICE_FORMS, signatureOf } from './directive-forms.ts';
import { textFaultOf } from './text-fault.ts';
import type { Token } from './token.ts';

export interface CheckContext {
  readonly report: Report;
  readonly isUtf8: boolean;
}

/** What is longer is no mistake in typing a name that there is, and looking for one takes its time. */
const MOST_CHARACTERS = 20;

function adviceFor(name: string, forms: ReadonlyMap<string, Form>): string | undefined {
  return name.length > MOST_CHARACTERS ? undefined : didYouMean(name, forms.keys());
}

/** rlinetd skips a word that it does not know; what it is given is a mistake in the middle of nowhere then. */
function reportUnknown(
  { name, values, block }: Directive,
  forms: ReadonlyMap<string, Form>,
  report: Report,
): void {
  if (values.length === 0 && !block) {
    const message = `Ignored ${quote(name.text)}, as rlinetd does: no such directive`;
    report.add({
      code: 'rlinetd/ignored',
      at: name.place,
      message,
      help: adviceFor(name.text, forms),
    });
    return;
  }
  const misplaced = SERVICE_FORMS.has(name.text);
  const reason = misplaced ? 'it cannot stand here' : 'no such directive';
  const message = `Cannot use ${quote(name.text)}: ${reason}`;
  const help = misplaced ? undefined : adviceFor(name.text, forms);
  report.add({ code: 'rlinetd/unknown-directive', at: name.place, message, help });
}

/** Whether a directive has what it must have; false after a report. */
export function checkForm(directive: Directive, form: Form, { report, isUtf8 }: CheckContext): boolean {
  if (!form.pattern.test(signatureOf(directive))) {
    const { name, values } = directive;
    const message = `Cannot read "${name.text}": behind it must stand ${form.words}`;
    report.add({ code: 'rlinetd/syntax', at: values[0]?.place ?? name.place, message });
    return false;
  }
  const texts: readonly Token[] = directive.values;
  const fault = texts.map((token) => textFaultOf(token, isUtf8)).find((found) => found !== undefined);
  if (fault) report.add(fault);
  return fault === undefined;
}

/** The directives of a block that are what they must be; what is wrong with the others is in the report. */
export function checkDirectives(
  directives: readonly Directive[],
  forms: ReadonlyMap<string, Form>,
  context: CheckContext,
): readonly Directive[] {
  return directives.flatMap((directive) => {
    const form = forms.get(directive.name.text);
    if (!form) {
      reportUnknown(directive, forms, context.report);
      return [];
    }
    if (!checkForm(directive, form, context)) return [];
    if (!directive.block || !(ACTIONS.has(directive.name.text) || directive.name.text === 'rpc'))
      return [directive];
    return [
      { ...directive, block: checkDirectives(directive.block, blockForms(directive.name.text), context) },
    ];
  });
}
