/** Lines of text end before this, since `mandoc -T lint` looks at them. */
const MOST_COLUMNS = 78;

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['\\', '\\e'],
  ['"', '\\(dq'],
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
]);

function isAtLineStart(text: string): boolean {
  return text.startsWith('.') || text.startsWith("'");
}

/** What is to be typed or read literally: each character as itself. */
export function literal(text: string): string {
  return text.replace(/[\\"'`^~-]/g, (character) => SPECIAL.get(character) ?? character);
}

function prose(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('--', '\\-\\-');
}

/** Systems have macros of their own. */
const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['FreeBSD', '.Fx'],
  ['NetBSD', '.Nx'],
  ['OpenBSD', '.Ox'],
]);

/** The name of a system with what stands behind it, as a line; undefined for another word. */
function systemLine(word: string): string | undefined {
  const [, name = '', behind = ''] = /^([A-Za-z]+)([.,;:)]*)$/.exec(word) ?? [];
  const macro = SYSTEMS.get(name);
  return macro && [macro, ...behind].join(' ');
}

/** One argument of a macro, which is never taken for a macro or a delimiter itself. */
export function argument(text: string): string {
  const escaped = literal(text);
  if (/\s/.test(escaped)) return `"${escaped}"`;
  return /^[A-Z][a-z]{1,2}$|^[^A-Za-z0-9\\]$|^$/.test(text) ? `\\&${escaped}` : escaped;
}

/** Words in lines that are short enough; none begins with what roff would obey. */
function wrap(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const system = systemLine(word);
    const last = lines.at(-1);
    if (system !== undefined) lines.push(system);
    else if (last !== undefined && last.length + word.length < MOST_COLUMNS && !last.startsWith('.')) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(isAtLineStart(word) ? `\\&${word}` : word);
  }
  return lines;
}

/** Each sentence begins a line: roff makes the space between them. */
function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?])\s+(?=[A-Z0-9"])/);
}

function textLines(text: string): readonly string[] {
  return sentencesOf(text).flatMap((sentence) => wrap(prose(sentence).split(/\s+/).filter(Boolean)));
}

/** A paragraph with `code` in it: each piece of code is a line with what touches it. */
function paragraphLines(paragraph: string): readonly string[] {
  const lines: string[] = [];
  let text = '';
  for (const [index, piece] of paragraph.replaceAll('\n', ' ').split('`').entries()) {
    if (index % 2 === 0) {
      const [, touching = ''] = index === 0 ? [] : (/^(\S*)/.exec(piece) ?? []);
      if (touching !== '') {
        const isPunctuation = /^[.,:;?!)\]]+$/.test(touching);
        const behind = isPunctuation ? [...touching].join(' ') : `Ns ${argument(touching)}`;
        lines[lines.length - 1] += ` ${behind}`;
      }
      text = piece.slice(touching.length);
    } else {
      const [, before = '', opening = ''] = /^([\s\S]*?)([([]?)$/.exec(text) ?? [];
      lines.push(...textLines(before));
      lines.push(`.Ql ${opening === '' ? '' : `${opening} `}${argument(piece)}`);
      text = '';
    }
  }
  return [...lines, ...textLines(text)];
}

function codeLines(block: string): readonly string[] {
  const lines = block
    .split('\n')
    .map((line) => (isAtLineStart(line) ? `\\&${literal(line)}` : literal(line)));
  return ['.Bd -literal -offset indent', ...lines, '.Ed'];
}

/** Markdown of paragraphs, `code` and blocks of code, as lines of mdoc(7). */
export function mdocLines(markdown: string): readonly string[] {
  const lines: string[] = [];
  for (const [index, part] of markdown.split(/^```.*$/m).entries()) {
    if (index % 2 === 1) {
      lines.push(...codeLines(part.replace(/^\n|\n$/g, '')));
      continue;
    }
    for (const paragraph of part.split(/\n{2,}/).filter((each) => each.trim() !== '')) {
      if (lines.length > 0) lines.push('.Pp');
      lines.push(...paragraphLines(paragraph.trim()));
    }
  }
  return lines;
}
