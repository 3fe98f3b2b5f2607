import type { Code } from './codes.ts';
import type { Issue, IssueParams } from './schema.ts';

/** One thing wrong with a value, in our words. */
export interface Finding {
  /** From the value that was checked to the part that is wrong. */
  readonly path: readonly PropertyKey[];
  /** The key at the end of `path` is wrong, not its value. */
  readonly onKey: boolean;
  readonly code: Code;
  readonly reason: string;
  readonly help: string | undefined;
  /** The types that would have been right, in zod's words. */
  readonly expected: readonly string[];
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
]);

function isOwnMessage(message: string): boolean {
  return !/^(Invalid|Too |Unrecognized)/.test(message);
}

function finding(path: readonly PropertyKey[], code: Code, reason: string): Finding {
  return { path, code, reason, onKey: false, help: undefined, expected: [] };
}

function wrongType(
  path: readonly PropertyKey[],
  expected: readonly string[],
  ownReason: string | undefined,
): Finding {
  const words = [...new Set(expected.map((type) => TYPE_WORDS.get(type) ?? type))];
  return { ...finding(path, 'config/wrong-type', ownReason ?? `must be ${words.join(' or ')}`), expected };
}

function bound(issue: Issue & { code: 'too_big' | 'too_small' }): string {
  const [word, limit] = issue.code === 'too_big' ? ['most', issue.maximum] : ['least', issue.minimum];
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : '';
  return `must be at ${word} ${limit}${unit}`;
}

function choice(values: readonly unknown[]): string {
  const known = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  return known.length === 1 ? `must be ${known[0]}` : `must be one of ${known.join(', ')}`;
}

/** A branch that took the type, and so says more about what is wrong than the others do. */
function isCloser(branch: readonly Issue[]): boolean {
  return !branch.some(
    (issue) =>
      issue.path.length === 0 &&
      (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union'),
  );
}

function isStranger(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0;
}

/**
 * What the branch says that comes closest: among several maps the only one that has all the keys. When every
 * one of them lacks some, what else they miss is not what was meant; when several have all, it is none of them.
 */
function closestOf(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const closer = branches.filter(isCloser);
  if (closer.length < 2) return closer[0];
  const known = closer.filter((branch) => !branch.some(isStranger));
  if (known.length === 0) return closer[0]?.filter(isStranger);
  return known.length === 1 ? known[0] : undefined;
}

function explainUnion(
  issue: Issue & { code: 'invalid_union' },
  path: readonly PropertyKey[],
): readonly Finding[] {
  const branches = issue.errors as readonly (readonly Issue[])[];
  const closest = closestOf(branches);
  if (closest) return closest.flatMap((inner) => explainIssue(inner, path));
  const inner = branches.flatMap((branch) => branch.flatMap((each) => explainIssue(each, path)));
  const own = branches.flat().find((each) => isOwnMessage(each.message));
  const expected = inner.flatMap((each) => each.expected);
  return [wrongType(path, expected, own?.message)];
}

/** An issue of zod as one finding or more. */
export function explainIssue(issue: Issue, parent: readonly PropertyKey[] = []): readonly Finding[] {
  const path = [...parent, ...issue.path];
  const own = isOwnMessage(issue.message) ? issue.message : undefined;
  switch (issue.code) {
    case 'invalid_union':
      return explainUnion(issue, path);
    case 'invalid_type':
      return [wrongType(path, [issue.expected], own)];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        ...finding([...path, key], 'config/unknown-key', 'no such setting'),
        onKey: true,
      }));
    case 'invalid_key':
      return [
        {
          ...finding(path, 'config/invalid-value', issue.issues[0]?.message ?? 'must be another name'),
          onKey: true,
        },
      ];
    case 'too_big':
    case 'too_small':
      return [finding(path, 'config/invalid-value', own ?? bound(issue))];
    case 'custom': {
      const params = (issue.params ?? {}) as IssueParams;
      return [{ ...finding(path, params.code ?? 'config/invalid-value', issue.message), help: params.help }];
    }
    case 'invalid_value':
      return [finding(path, 'config/invalid-value', own ?? choice(issue.values))];
    default:
      return [finding(path, 'config/invalid-value', own ?? 'must be another value')];
  }
}
