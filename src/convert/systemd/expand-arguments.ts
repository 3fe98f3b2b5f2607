import { quote } from '../../config/quote.ts';
import type { PairContext } from './pair.ts';
import { splitWords } from './split-words.ts';
import type { Word } from './text.ts';
import { type Environment, findVariable } from './variables.ts';

interface Context {
  readonly environment: Environment;
  readonly pair: PairContext;
  /** Each variable is told of once. */
  readonly told: Set<string>;
}

/** The value of a variable; what is not set is nothing, as in systemd. Undefined after a report. */
function variableText(
  name: string,
  at: Word['place'],
  { environment, pair: { report }, told }: Context,
): string | undefined {
  const found = findVariable(name, environment);
  const shown = quote(`$${name}`);
  const isNew = !told.has(name);
  told.add(name);
  if (found === 'unknown') {
    const message = `Cannot put anything in for ${shown}: its value is not known here`;
    const help = 'write the value itself, or see to it that the files of "EnvironmentFile=" can be read';
    return void report.add({ code: 'systemd/variable', at, message, help });
  }
  if (!found && isNew) {
    const message = `Took ${shown} for nothing, as systemd does: no variable is called so`;
    report.add({ code: 'systemd/unset-variable', at, message });
  } else if (found?.from === 'file' && isNew) {
    const message = `Put the value of ${shown} in from its file: it stays as it is now until the next conversion or reload`;
    report.add({ code: 'systemd/frozen-variable', at, message });
  }
  return found?.value ?? '';
}

/** A word that is `$NAME` becomes as many as there are in the value. */
function splitValue(word: Word, context: Context): readonly Word[] {
  const value = variableText(word.text.slice(1), word.place, context);
  const words = value === undefined ? [] : splitWords(value);
  if (!('reason' in words)) return words.map(({ text }) => ({ text, place: word.place }));
  const message = `Cannot put anything in for ${quote(word.text)}: ${words.reason} in its value`;
  context.pair.report.add({ code: 'systemd/variable', at: word.place, message });
  return [];
}

/** Inside of a word, `${NAME}` is its value and `$$` a dollar sign. */
function putIn(word: Word, context: Context): Word {
  const text = word.text.replace(/\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name?: string) =>
    name === undefined ? whole.slice(1) : (variableText(name, word.place, context) ?? ''),
  );
  return { ...word, text };
}

/**
 * Puts the values of variables in, as systemd does when it starts the service. Quotes are gone by then: "$NAME" in quotes is
 * split, too.
 */
export function expandArguments(words: readonly Word[], context: Context): readonly Word[] {
  return words.flatMap((word) =>
    /^\$[^{$]/.test(word.text) ? splitValue(word, context) : [putIn(word, context)],
  );
}
