import { canonicalRecords } from './canonical-records.ts';

const RECORD = /^\d\d\/\d{1,2}\/\d{1,2}@\d\d:\d\d:\d\d: (\w+: (\S+).*)$/;

interface Line {
  readonly text: string;
  readonly id: string;
}

/** A line that is no record is one of a service that nobody has. */
function parse(line: string): Line {
  const [, text = `STRAY: ${line}`, id = ''] = line.match(RECORD) ?? [];
  return { text: text.replace(/duration=\d+\(sec\)/, 'duration=N(sec)'), id };
}

/** An end before its beginning is told. */
function checkOrder(records: readonly string[]): readonly string[] {
  return records.flatMap((record, at) => {
    const [pid] = record.match(/^EXIT: .* pid=\d+\b/)?.[0].match(/pid=[1-9]\d*$/) ?? [];
    const start = records.findIndex((it) => it.startsWith('START: ') && pid && `${it} `.includes(` ${pid} `));
    return start > at ? [`EXIT before START: ${record}`] : [];
  });
}

/** The records of some services, by their ids, without what differs from run to run. */
export function normaliseRecords(log: string, isWanted: (id: string) => boolean): readonly string[] {
  const lines = log
    .split('\n')
    .filter((line) => line !== '')
    .map(parse)
    .filter(({ id }) => isWanted(id));
  const records = lines.map(({ text }) => text);
  return [...canonicalRecords(records), ...checkOrder(records)];
}
