const PERIOD_US = 100_000;

export const CPU_FORM: string = 'must be a percentage of one CPU from "1%" to "99999%", or "max"';

/** Of cpu.max: the quota in microseconds, and the period that it is of. Undefined when the text is none. */
export function parseCpuQuota(text: string): string | undefined {
  const [, percent] = /^([1-9][0-9]{0,4})%$/.exec(text) ?? [];
  return percent === undefined ? undefined : `${(Number(percent) * PERIOD_US) / 100} ${PERIOD_US}`;
}
