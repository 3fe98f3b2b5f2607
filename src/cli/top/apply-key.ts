import type { Key } from './keys.ts';
import { SORT_KEYS, type View } from './view.ts';

/** How far one can scroll. */
export interface Extent {
  readonly services: number;
  readonly pageRows: number;
}

const MOST_FILTER = 64;

function scrolled(view: View, by: number, { services, pageRows }: Extent): View {
  const last = Math.max(0, services - pageRows);
  return { ...view, offset: Math.max(0, Math.min(last, view.offset + by)) };
}

function sortedBeside(view: View, step: 1 | -1): View {
  const at = SORT_KEYS.indexOf(view.sort) + step + SORT_KEYS.length;
  return { ...view, sort: SORT_KEYS[at % SORT_KEYS.length] ?? view.sort, isReversed: false, offset: 0 };
}

/** Rows are keys: what each does to a table. */
const TABLE_KEYS: Readonly<Record<string, (view: View, extent: Extent) => View>> = {
  s: (view) => sortedBeside(view, 1),
  right: (view) => sortedBeside(view, 1),
  left: (view) => sortedBeside(view, -1),
  r: (view) => ({ ...view, isReversed: !view.isReversed, offset: 0 }),
  '/': (view) => ({ ...view, mode: 'filter', filter: '', offset: 0 }),
  escape: (view) => ({ ...view, filter: '', offset: 0 }),
  p: (view) => ({ ...view, isPaused: !view.isPaused }),
  h: (view) => ({ ...view, mode: 'help' }),
  '?': (view) => ({ ...view, mode: 'help' }),
  j: (view, extent) => scrolled(view, 1, extent),
  down: (view, extent) => scrolled(view, 1, extent),
  k: (view, extent) => scrolled(view, -1, extent),
  up: (view, extent) => scrolled(view, -1, extent),
  'page-down': (view, extent) => scrolled(view, extent.pageRows, extent),
  ' ': (view, extent) => scrolled(view, extent.pageRows, extent),
  'page-up': (view, extent) => scrolled(view, -extent.pageRows, extent),
  g: (view) => ({ ...view, offset: 0 }),
  home: (view) => ({ ...view, offset: 0 }),
  G: (view, extent) => scrolled(view, extent.services, extent),
  end: (view, extent) => scrolled(view, extent.services, extent),
};

function typed(view: View, key: Key): View {
  if (typeof key !== 'string')
    return { ...view, filter: `${view.filter}${key.character}`.slice(0, MOST_FILTER) };
  switch (key) {
    case 'enter':
      return { ...view, mode: 'table' };
    case 'escape':
      return { ...view, mode: 'table', filter: '' };
    case 'backspace':
      return { ...view, filter: view.filter.slice(0, -1) };
    default:
      return view;
  }
}

/** What the view is after a key; undefined: quit. */
export function applyKey(view: View, key: Key, extent: Extent): View | undefined {
  if (key === 'interrupt') return undefined;
  if (view.mode === 'filter') return typed(view, key);
  const name = typeof key === 'string' ? key : key.character;
  if (name === 'q') return undefined;
  if (view.mode === 'help') return { ...view, mode: 'table' };
  return Object.hasOwn(TABLE_KEYS, name) ? (TABLE_KEYS[name]?.(view, extent) ?? view) : view;
}
