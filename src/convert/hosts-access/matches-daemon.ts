import { matchesGlob } from '../../model/glob.ts';
import type { DaemonPattern, HostsRule, PatternList } from '../../model/hosts-rules.ts';

/** A daemon by its name; undefined for one that no rule names. */
export type Daemon = string | undefined;

/** What is known of it: a rule is for a daemon, is not, or that hangs on the connection. */
export type Certainty = 'yes' | 'no' | 'maybe';

function matchesPattern({ daemon: pattern, at }: DaemonPattern, daemon: Daemon): Certainty {
  if (pattern.kind === 'port') return 'maybe';
  if (pattern.kind === 'all') return at ? 'maybe' : 'yes';
  if (daemon === undefined) return pattern.kind === 'name' ? 'no' : 'maybe';
  const matches = {
    name: () => pattern.kind === 'name' && pattern.name === daemon,
    domain: () => pattern.kind === 'domain' && daemon.endsWith(pattern.suffix),
    'name-prefix': () => pattern.kind === 'name-prefix' && daemon.startsWith(pattern.prefix),
    'name-glob': () => pattern.kind === 'name-glob' && matchesGlob(daemon, pattern.glob),
  }[pattern.kind]();
  if (!matches) return 'no';
  return at ? 'maybe' : 'yes';
}

function matchesList({ any, except }: PatternList<DaemonPattern>, daemon: Daemon): Certainty {
  const found = any.map((pattern) => matchesPattern(pattern, daemon));
  const isMeant = found.includes('yes') ? 'yes' : found.includes('maybe') ? 'maybe' : 'no';
  if (isMeant === 'no' || !except) return isMeant;
  const isExcepted = matchesList(except, daemon);
  if (isExcepted === 'yes') return 'no';
  return isExcepted === 'maybe' ? 'maybe' : isMeant;
}

/** Whether a rule is for a daemon, which is in lower case. */
export function matchesDaemon(rule: HostsRule, daemon: Daemon): Certainty {
  return matchesList(rule.daemons, daemon);
}

function namesIn({ any, except }: PatternList<DaemonPattern>): readonly string[] {
  const own = any.flatMap(({ daemon }) => (daemon.kind === 'name' ? [daemon.name] : []));
  return except ? [...own, ...namesIn(except)] : own;
}

/** The daemons that rules name, in their order. */
export function namedDaemons(rules: readonly HostsRule[]): readonly string[] {
  return [...new Set(rules.flatMap(({ daemons }) => namesIn(daemons)))];
}
