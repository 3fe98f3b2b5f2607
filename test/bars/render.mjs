/**
 * @typedef {import('./bars.mjs').Bar} Bar
 * @typedef {{bar: string, text: string, holds?: boolean}} Figure
 * @typedef {{bar: Bar, passed: number, failed: number, figures: readonly Figure[]}} Result
 */

/**
 * Whether every test passed, and every figure is as good as is asked.
 *
 * @param {Result} result
 */
export function holds({ passed, failed, figures }) {
  return passed > 0 && failed === 0 && figures.every((figure) => figure.holds !== false);
}

/** @param {Result} result */
function cellOf({ passed, failed, figures }) {
  const tests = failed === 0 ? `${passed} tests pass` : `${failed} of ${passed + failed} tests fail`;
  const weak = (/** @type {Figure} */ { text, holds: isGood }) => (isGood === false ? `**${text}**` : text);
  return [...figures.map(weak), tests].join('<br>');
}

/** @param {readonly Result[]} results */
export function renderTable(results) {
  const rows = results.map((result) => {
    const { name, asks } = result.bar;
    return `| ${name} | ${asks} | ${cellOf(result)} | ${holds(result) ? 'holds' : '**does not hold**'} |`;
  });
  return ['| bar | what is asked | figures | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
