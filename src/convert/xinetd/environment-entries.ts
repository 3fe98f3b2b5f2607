import { ENV_NAME } from '../../config/env-name.ts';
import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const QUOTES = /^["']|["']$/;

/** One `NAME=VALUE`; a name that nothing can have is of no use to the program. */
function variable(word: Word, { report }: ShapedEntry): readonly MapEntry[] {
  const at = word.text.indexOf('=');
  if (at === -1) {
    refuseValue({ name: 'env', word, reason: 'must be NAME=VALUE' }, report);
    return [];
  }
  const [name, value] = [word.text.slice(0, at), word.text.slice(at + 1)];
  const { source, start } = word.place;
  if (!ENV_NAME.test(name)) {
    const isQuoted = /["']/.test(name);
    const reason = isQuoted
      ? 'xinetd has no quoting, so that the quotes are part of it'
      : 'no name is like that';
    const message = `Ignored ${quote(word.text)} in "env": ${reason}`;
    const code = isQuoted ? 'xinetd/quotes' : 'xinetd/ignored';
    report.add({ code, at: word.place, message, help: 'write NAME=VALUE, without quotes' });
    return [];
  }
  if (QUOTES.test(value)) {
    const message = `Took ${quote(value)} in "env" with its quotes, as xinetd does`;
    report.add({ code: 'xinetd/quotes', at: word.place, message });
  }
  return [entryOf(name, scalarNode(value, { source, start: start + at + 1, end: word.place.end }))];
}

function envEntry(shaped: ShapedEntry): MapEntry | undefined {
  const attribute = shaped.entry.attributes.get('env');
  for (const word of attribute?.dropped ?? []) if (!word.text.includes('=')) variable(word, shaped);
  const variables = (attribute?.values ?? []).flatMap((word) => variable(word, shaped));
  return attribute && variables.length > 0 ? entryOf('env', mapNode(variables, attribute.at)) : undefined;
}

/** Set to nothing it passes nothing; not set it passes all. */
function passEntry({ entry, report }: ShapedEntry): MapEntry {
  const attribute = entry.attributes.get('passenv');
  if (!attribute) return entryOf('pass_env', scalarNode('ALL', entry.name.place));
  const known = new Map<string, Word>();
  for (const word of attribute.values) {
    if (ENV_NAME.test(word.text)) known.set(word.text, word);
    else {
      const message = `Ignored ${quote(word.text)} in "passenv", as xinetd does: no variable is called so`;
      report.add({ code: 'xinetd/ignored', at: word.place, message });
    }
  }
  const names = Array.from(known.values(), ({ text, place }) => scalarNode(text, place));
  return entryOf('pass_env', listNode(names, attribute.at));
}

/** The environment of the program: what xinetd itself has, unless told otherwise, and REMOTE_HOST. */
export function environmentEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { place } = shaped.entry.name;
  return [
    envEntry(shaped),
    passEntry(shaped),
    entryOf('peer_env', listNode([scalarNode('xinetd', place)], place)),
  ];
}
