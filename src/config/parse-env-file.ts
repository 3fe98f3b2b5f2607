import { ENV_NAME } from './env-name.ts';
import { parseEnvValue } from './parse-env-value.ts';

export type Variable = readonly [name: string, value: string];

/** What is wrong at these offsets; it never repeats a value, which may be a secret. */
export interface EnvFault {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
  readonly help?: string | undefined;
}

export interface EnvFile {
  readonly variables: readonly Variable[];
  readonly faults: readonly EnvFault[];
}

interface Line {
  readonly text: string;
  /** Where it begins in the file. */
  readonly offset: number;
}

const COMMENT = /^[#;]/;
const EXPORT = /^export\s/;
const NOT_A_NAME = 'must be letters, digits and "_", not beginning with a digit';

/** Where the blanks at the end begin. A pattern for them would begin anew at each blank in the middle (S109). */
function endOf(line: string): number {
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end--;
  return end;
}

/** Lines without the blanks around them; an empty one has no text. */
function linesOf(text: string): readonly Line[] {
  let offset = 0;
  return text.split('\n').map((line) => {
    const blanks = line.length - line.replace(/^[ \t]+/, '').length;
    const trimmed = { text: line.slice(blanks, endOf(line)), offset: offset + blanks };
    offset += line.length + 1;
    return trimmed;
  });
}

function parseLine({ text, offset }: Line): Variable | EnvFault {
  const whole = { start: offset, end: offset + text.length };
  const equals = text.indexOf('=');
  if (EXPORT.test(text)) return { ...whole, reason: 'no shell reads it', help: 'leave out "export"' };
  if (equals < 0) return { ...whole, reason: 'must be written as NAME=value' };
  const name = text.slice(0, equals);
  if (!ENV_NAME.test(name))
    return { start: offset, end: offset + equals + 1, reason: `the name ${NOT_A_NAME}` };
  const value = parseEnvValue(text.slice(equals + 1));
  if ('value' in value) return [name, value.value];
  const start = offset + equals + 1 + value.at;
  return { start, end: start + 1, reason: value.reason, help: value.help };
}

/**
 * Lines of NAME=value, as systemd's EnvironmentFile= and docker's --env-file have them: what the two, or a shell, would
 * read differently is refused.
 */
export function parseEnvFile(text: string): EnvFile {
  const variables = new Map<string, string>();
  const faults: EnvFault[] = [];
  for (const line of linesOf(text)) {
    if (line.text === '' || COMMENT.test(line.text)) continue;
    const parsed = parseLine(line);
    if ('reason' in parsed) faults.push(parsed);
    else if (!variables.has(parsed[0])) variables.set(...parsed);
    else
      faults.push({
        start: line.offset,
        end: line.offset + parsed[0].length,
        reason: 'the name is there twice',
      });
  }
  return { variables: [...variables], faults };
}
