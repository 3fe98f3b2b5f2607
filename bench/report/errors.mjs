/**
 * What went wrong with connections, over all rounds: kinds and how many of each.
 *
 * @param {import('../lib/scene.d.mts').Result} result
 * @returns {readonly (readonly [string, number])[]}
 */
export function errorsOf({ samples }) {
  const kinds = Object.keys(samples[0]?.errors ?? {});
  const sums = kinds.map((kind) => {
    return /** @type {const} */ ([kind, samples.reduce((sum, { errors }) => sum + (errors[kind] ?? 0), 0)]);
  });
  return sums.filter(([, sum]) => sum > 0);
}
