import type { HandlerFilter } from '../../model/handler-filter.ts';
import { SYSCALL_NAMES } from '../../model/syscall-numbers.ts';
import { familyRules } from './family-rules.ts';
import { namespaceRules } from './namespace-rules.ts';
import { RESTRICTION_RULES } from './restriction-rules.ts';
import type { Rule } from './rule.ts';

const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;

/** Typing on a terminal on behalf of who sits at it (S31); no handler has a use for it. */
const TERMINAL_RULES: readonly Rule[] = [TIOCSTI, TIOCLINUX].map((request) => ({
  syscall: 'ioctl',
  action: 'EPERM',
  when: [{ argument: 1, test: 'equals', value: request }],
}));

/** What a handler may not do. What its list denies comes first: no argument makes it allowed again. */
export function handlerRules(wanted: HandlerFilter): readonly Rule[] {
  const { denied, families, deniedNamespaces, restrictions, nameless } = wanted;
  const named = nameless === 'allow' ? [] : SYSCALL_NAMES;
  return [
    ...denied.map(({ name, denial }): Rule => ({ syscall: name, action: denial })),
    ...TERMINAL_RULES,
    ...(families ? familyRules(families) : []),
    ...namespaceRules(deniedNamespaces),
    ...restrictions.flatMap((restriction) => RESTRICTION_RULES[restriction]),
    // What has a name and was not denied, where the rest is answered otherwise.
    ...named.map((syscall): Rule => ({ syscall, action: 'allow' })),
  ];
}
