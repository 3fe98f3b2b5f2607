import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import type { Principals } from './service-entry.ts';
import { partOf, type Word } from './word.ts';

function refuse(word: Word, { report }: ParseContext, reason: string): undefined {
  report.add({
    code: 'inetd/user',
    at: word.place,
    message: `Cannot use ${quote(word.text)} as a user: ${reason}`,
  });
}

/** FreeBSD's login class, which Linux does not have. */
function withoutClass(word: Word, { report }: ParseContext): Word {
  const slash = word.text.lastIndexOf('/');
  if (slash === -1) return word;
  const loginClass = partOf(word, slash + 1);
  const message = `Ignored the login class ${quote(loginClass.text)}: Linux has none`;
  const help = 'write what it sets as "rlimits", "umask" and "nice" of the converted service';
  report.add({ code: 'inetd/ignored', at: loginClass.place, message, help });
  return partOf(word, 0, slash);
}

/** `user`, `user:group`, `user.group`, and `user:group/class`; undefined after a report. */
export function parsePrincipals(field: Word, context: ParseContext): Principals | undefined {
  const word = withoutClass(field, context);
  const colon = word.text.indexOf(':');
  const separator = colon === -1 ? word.text.indexOf('.') : colon;
  const user = separator === -1 ? word : partOf(word, 0, separator);
  const group = separator === -1 ? undefined : partOf(word, separator + 1);
  if (user.text === '') return refuse(field, context, 'the name is missing');
  if (group?.text === '') return refuse(field, context, 'the group is missing');
  return { user, group };
}
