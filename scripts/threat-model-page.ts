import { existsSync, readFileSync } from 'node:fs';
import { fillTemplate } from './fill-template.ts';
import { TAKEN_OVER_CALLS } from './notes/taken-over-calls.ts';
import { TAKEN_OVER_MESSAGES, type TakenOverMessage } from './notes/taken-over-messages.ts';
import { type Claim, type ShownBy, THREATS } from './notes/threats.ts';
import { table } from './table.ts';

/** What is claimed of a test that is not there, or does not say so any more. */
export function unshown(claims: readonly Claim[]): readonly string[] {
  const isThere = ([path, title]: ShownBy): boolean =>
    title !== '' && existsSync(path) && readFileSync(path, 'utf8').includes(title);
  return claims.flatMap(({ says, shownBy }) =>
    shownBy.length === 0
      ? [`${says}: shown by no test`]
      : shownBy.filter((it) => !isThere(it)).map((it) => `${says}: no such test: ${it.join(': ')}`),
  );
}

function cell(text: string): string {
  return text.replace(/[|<>*_[\]\\]/g, '\\$&');
}

function claimRow({ says, shownBy }: Claim): readonly string[] {
  return [cell(says), shownBy.map(([path, title]) => `\`${path}\`: ${cell(title)}`).join('; ')];
}

function messageRow({ asks, answer, error, why }: TakenOverMessage): readonly string[] {
  const got = answer === 'local' ? 'no' : answer;
  return [cell(asks), error === undefined ? got : `${got}: \`${error}\``, cell(why)];
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split('\n');
}

function callLines(): readonly string[] {
  return TAKEN_OVER_CALLS.flatMap(({ title, calls }, at) => [
    ...(at === 0 ? [] : ['']),
    `### ${title}`,
    '',
    ...linesOf(
      table(
        ['it tries to', 'it gets', 'who refuses it, or why it does no harm'],
        calls.map(({ what, got, why }) => [cell(what), got === 'allowed' ? got : `\`${got}\``, cell(why)]),
      ),
    ),
  ]);
}

function claimLines(): ReadonlyMap<string, readonly string[]> {
  const faults = unshown(Object.values(THREATS).flat());
  if (faults.length > 0) throw new Error(`Cannot write the threat model:\n${faults.join('\n')}`);
  const head = ['it cannot', 'shown by'];
  return new Map(
    Object.entries(THREATS).map(([name, claims]) => [name, linesOf(table(head, claims.map(claimRow)))]),
  );
}

/** docs/explanation/threat-model.md. */
export function threatModelPage(): string {
  const messages = table(['it asks', 'it gets', 'why'], TAKEN_OVER_MESSAGES.map(messageRow));
  return fillTemplate(
    'threat-model.md',
    new Map([...claimLines(), ['messages', linesOf(messages)], ['calls', callLines()]]),
  );
}

/** SECURITY.md. */
export function securityPage(): string {
  return fillTemplate('SECURITY.md', claimLines());
}
