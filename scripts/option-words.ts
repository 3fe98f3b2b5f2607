import type { ArgumentFacts, CommandFacts } from './command-facts.ts';

const PLACES: Readonly<Record<string, string>> = {
  config: 'FILE',
  certificate: 'FILE',
  control: 'PATH',
  'state-dir': 'DIRECTORY',
  'pid-file': 'FILE',
  cwd: 'DIRECTORY',
  grace: 'TIME',
  for: 'TIME',
  deadline: 'TIME',
  interval: 'TIME',
  user: 'USER',
  group: 'GROUP',
  from: 'ADDRESS',
  to: 'ADDRESS',
  at: 'TIME',
  load: 'NUMBER',
  running: 'NUMBER',
  'source-running': 'NUMBER',
  count: 'NUMBER',
  name: 'NAME',
  service: 'SERVICE',
  'pass-env': 'NAME',
};

/** What stands behind an option: the words that it takes, or one that says what is meant. */
export function placeholderOf({ name, value }: ArgumentFacts): string {
  if (value === 'none') return '';
  if (value === 'TEXT') return PLACES[name] ?? 'TEXT';
  if (value === 'NUMBER') return 'NUMBER';
  return value.length > 4 ? name.toUpperCase() : value.join('|');
}

/** `SERVICE`, `[SERVICE...]`, as the documents write them. */
export function placeholdersOf({ placeholders }: CommandFacts): readonly string[] {
  return placeholders.map((each) => {
    const [, name = ''] = /^[<[]([\w-]+)(\.\.)?[>\]]$/.exec(each) ?? [];
    const dots = each.includes('..') ? '...' : '';
    return each.startsWith('[') ? `[${name.toUpperCase()}${dots}]` : `${name.toUpperCase()}${dots}`;
  });
}
