/** What zod says of one value; the union of several forms has those of each. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  readonly input?: unknown;
}

/** Why the parameters of a method are wrong, in words. */
export function describeParamsFault(issues: readonly Issue[]): string {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys') return `there is no parameter ${JSON.stringify(issue.keys?.[0])}`;
  const [name] = issue?.path ?? [];
  return name === undefined
    ? 'the parameters are others than it has'
    : `the parameter ${JSON.stringify(String(name))} is missing or not of its form`;
}
