/** A key that is no character. */
type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'escape'
  | 'enter'
  | 'backspace'
  | 'interrupt'
  | 'suspend'
  | 'redraw';

/** A name, or the character itself. */
export type Key = KeyName | { readonly character: string };

/** What a terminal in raw mode sends for them. */
const SEQUENCES: ReadonlyMap<string, KeyName> = new Map<string, KeyName>(
  Object.entries({
    '\x1b[A': 'up',
    '\x1b[B': 'down',
    '\x1b[C': 'right',
    '\x1b[D': 'left',
    '\x1bOA': 'up',
    '\x1bOB': 'down',
    '\x1bOC': 'right',
    '\x1bOD': 'left',
    '\x1b[5~': 'page-up',
    '\x1b[6~': 'page-down',
    '\x1b[H': 'home',
    '\x1b[1~': 'home',
    '\x1b[F': 'end',
    '\x1b[4~': 'end',
    '\x1b': 'escape',
    '\r': 'enter',
    '\n': 'enter',
    '\x7f': 'backspace',
    '\b': 'backspace',
    '\x03': 'interrupt',
    '\x1a': 'suspend',
    '\f': 'redraw',
  } as const),
);

const PIECES = /\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[ -~]|./gsu;

/** The keys of what came at once; a terminal sends a key in one piece. Keys that nobody knows are none. */
export function keysOf(input: string): readonly Key[] {
  return (input.match(PIECES) ?? []).flatMap((piece): readonly Key[] => {
    const named = SEQUENCES.get(piece);
    if (named !== undefined) return [named];
    return /^[ -~]$/.test(piece) ? [{ character: piece }] : [];
  });
}
