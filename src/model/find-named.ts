/** What is for the host itself, or for all beside it. */
export function findNamed<T extends { readonly name: string }>(
  named: readonly T[],
  host: string,
): T | undefined {
  const name = host.toLowerCase();
  const dot = name.indexOf('.');
  const wildcard = dot < 0 ? undefined : `*${name.slice(dot)}`;
  return named.find((each) => each.name === name) ?? named.find((each) => each.name === wildcard);
}
