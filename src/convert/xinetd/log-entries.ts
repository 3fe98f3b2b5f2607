import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { firstWord } from './first-word.ts';
import { logTypeEntry } from './log-type-entry.ts';
import { parseChoices } from './parse-choices.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const SUCCESS = ['pid', 'host', 'userid', 'exit', 'duration', 'traffic'] as const;
const FAILURE = ['host', 'userid', 'attempt'] as const;
/** Asking who asks would go round in circles. */
const IDENT_PORT = '113';

function isIdent({ entry, shape }: ShapedEntry): boolean {
  if (shape.transport !== 'tcp') return false;
  const word = firstWord(entry, 'port');
  return word ? word.text === IDENT_PORT : /^(auth|ident)$/.test(entry.name.text);
}

/** Words that are set, without `userid` where it would be asked of the service itself. */
function wordsOf<T extends string>(name: string, known: readonly T[], shaped: ShapedEntry): readonly T[] {
  const words = [...parseChoices(name, known, shaped)];
  const at = shaped.entry.attributes.get(name)?.values.find(({ text }) => /^userid$/i.test(text))?.place;
  if (!at || !isIdent(shaped)) return words;
  const message = `Ignored USERID in "${name}", as xinetd does: it is the service that would be asked`;
  shaped.report.add({ code: 'xinetd/ignored', at, message });
  return words.filter((word) => word !== 'userid');
}

/** An answer is demanded only where it is asked for, and nobody can be asked who a handler accepts. */
function idOnlyEntry(shaped: ShapedEntry, success: readonly string[]): MapEntry | undefined {
  const { entry, shape, report } = shaped;
  const at = entry.attributes.get('flags')?.at ?? entry.name.place;
  if (!shape.flags.has('idonly')) return undefined;
  const isStream = shape.transport === 'tcp' && !shape.isWaiting && shape.kind !== 'sensor';
  if (isStream && success.includes('userid')) return entryOf('id_only', scalarNode(true, at));
  const why = isStream ? 'nobody is asked without USERID in "log_on_success"' : 'nobody is asked here';
  report.add({ code: 'xinetd/ignored', at, message: `Ignored IDONLY, as xinetd does: ${why}` });
  return undefined;
}

/** What is recorded, and where: nothing unless it is said. */
export function logEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { attributes, name } = shaped.entry;
  const success = wordsOf('log_on_success', SUCCESS, shaped);
  const failure = wordsOf('log_on_failure', FAILURE, shaped);
  const entry = (key: string, words: readonly string[]): MapEntry => {
    const at = attributes.get(key)?.at ?? name.place;
    return entryOf(
      key,
      listNode(
        words.map((word) => scalarNode(word, at)),
        at,
      ),
    );
  };
  const type = logTypeEntry(shaped);
  // Readers of its own files know xinetd's records, whatever those of standard output want.
  const isApart = type?.value.kind === 'map';
  return [
    type,
    isApart ? entryOf('log_format', scalarNode('text', name.place)) : undefined,
    entry('log_on_success', success),
    entry('log_on_failure', failure),
    idOnlyEntry(shaped, success),
  ];
}
