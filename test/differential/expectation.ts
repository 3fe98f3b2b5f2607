import { canonicalRecords } from './canonical-records.ts';
import type { Observation } from './observe.ts';
import { withoutProcess } from './without-process.ts';

/** How what xinetd shows is to be told of zinetd. */
export type Expectation = (xinetd: Observation) => Observation;

type Records = readonly string[];

function records(change: (all: Records) => Records): Expectation {
  return (observation) => ({ ...observation, records: canonicalRecords(change(observation.records)) });
}

/** In whatever the clients saw, and in the records. */
function replaced(from: string | RegExp, to: string): Expectation {
  const change = (line: string) => line.replaceAll(from, to);
  return ({ seen, records }) => ({ seen: seen.map(change), records: records.map(change) });
}

function all(...expectations: readonly Expectation[]): Expectation {
  return (observation) => expectations.reduce((before, expect) => expect(before), observation);
}

/** A client who is served after all. */
function served(id: string, from: string): Expectation {
  const pid = `of${from.replaceAll('.', '_')}`;
  return all(
    replaced(`${from}: "" end`, `${from}: "served\\n" end`),
    records((them) => [
      ...them.filter((record) => record !== `FAIL: ${id} address from=${from}`),
      `START: ${id} pid=${pid} from=${from}`,
      `EXIT: ${id} status=0 pid=${pid} duration=N(sec)`,
    ]),
  );
}

/** The vocabulary of the accepted differences. */
export const expectation = {
  all,
  records,
  replaced,
  served,
  /** These records, whatever xinetd has. */
  told: (...them: Records): Expectation => records(() => them),
  /** One more. */
  toldToo: (record: string): Expectation => records((them) => [...them, record]),
  /** Services of which there are no processes. */
  withoutProcess: (...ids: Records): Expectation => records((them) => withoutProcess(them, ids)),
  nothing: (observation: Observation): Observation => observation,
} as const;
