/** `render` of the second that an epoch time lies in; most records share theirs with the one before. */
export function cachePerSecond(render: (second: Date) => string): (epochMs: number) => string {
  let cachedSecond = Number.NaN;
  let cached = '';
  return (epochMs) => {
    const second = Math.floor(epochMs / 1000);
    if (second !== cachedSecond) {
      cached = render(new Date(second * 1000));
      cachedSecond = second;
    }
    return cached;
  };
}
