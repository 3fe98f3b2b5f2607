/**
 * @typedef {import('./bars.mjs').Bar} Bar
 * @typedef {{figure: string, value: number | string, bar: string}} FaultFigure
 * @typedef {{bar: string, text: string, holds?: boolean, fault?: FaultFigure}} Figure
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

/**
 * Of the fault plan, `CASE: KIND` each: those of a kind are one, from the least to the most.
 *
 * @param {readonly FaultFigure[]} faults
 */
function joined(faults) {
  const kindOf = (/** @type {FaultFigure} */ { figure }) => figure.replace(/^.*?: /, '');
  const kinds = [...new Set(faults.map(kindOf))];
  return kinds.map((kind) => {
    const rows = faults.filter((fault) => kindOf(fault) === kind);
    const values = [...new Set(rows.map(({ value }) => value))].toSorted((a, b) => Number(a) - Number(b));
    const span = values.length > 1 ? `${values[0]} to ${values.at(-1)}` : `${values[0]}`;
    const limit = rows[0]?.bar ? ` (${rows[0].bar})` : '';
    return `${kind}: ${span}${limit}${rows.length > 1 ? `, ${rows.length} cases` : ''}`;
  });
}

/** @param {Result} result */
function cellOf({ passed, failed, figures }) {
  const tests = failed === 0 ? `${passed} tests pass` : `${failed} of ${passed + failed} tests fail`;
  const weak = (/** @type {Figure} */ { text, holds: isGood }) => (isGood === false ? `**${text}**` : text);
  const faults = figures.flatMap(({ fault }) => (fault ? [fault] : []));
  return [...figures.filter(({ fault }) => !fault).map(weak), ...joined(faults), tests].join('<br>');
}

/** @param {readonly Result[]} results */
export function renderTable(results) {
  const rows = results.map((result) => {
    const { name, asks } = result.bar;
    return `| ${name} | ${asks} | ${cellOf(result)} | ${holds(result) ? 'holds' : '**does not hold**'} |`;
  });
  return ['| bar | what is asked | figures | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
