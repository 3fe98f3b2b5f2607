import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FileLogged, startFileLogged } from '../harness/file-log.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { scratch } from '../harness/scratch.ts';

const user = isRoot ? { user: 'nobody' } : {};
const COUNT = 50_000;
/** A megabyte for 10^6 of them; those that have records of their own come first. */
const MOST_BYTES = 262_144;

function start(): Promise<FileLogged> {
  const no_access = ['127.86.0.0/16', '127.87.0.0/16'];
  const raw = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), no_access, ...user };
  return startFileLogged({ config: { services: { raw } } });
}

/** How many refusals the log tells of: one by one, and in summaries. */
function toldBy(records: readonly LogRecord[]) {
  const single = records.filter(({ event }) => event === 'refused').length;
  const rows = records.filter(({ event }) => event === 'refused-more');
  return { single, summed: rows.reduce((sum, { count }) => sum + Number(count), 0), rows };
}

test.each([
  ['one source', { first: '127.86.0.1', count: 1 }],
  ['5,000 sources', { first: '127.87.0.1', count: 5000 }],
])(
  `${COUNT} refusals of %s make a small log, in which all of them are counted (S118)`,
  async (_, sources) => {
    const daemon = await flood(sources);
    const { total, logged, bytes } = daemon;
    expect(logged.single + logged.summed).toBe(total);
    expect(logged.single).toBeGreaterThan(0);
    for (const row of logged.rows) expect(row).toMatchObject({ service: 'raw', reason: 'address' });
    expect(bytes).toBeLessThan(MOST_BYTES);
  },
);

/** A flood from these sources, and the log of a daemon that has stopped after it. */
async function flood(sources: { readonly first: string; readonly count: number }) {
  const daemon = await start();
  const load = { inFlight: 16, seconds: 0.01, atLeast: COUNT, expectRefusal: true, sources };
  const { total, errors } = await loadgen(daemon.port('raw'), load);
  expect(errors).toMatchObject({ served: 0, refused: 0, timeout: 0, other: 0 });
  await daemon.zinetd.stop();
  return { total, logged: toldBy(daemon.records()), bytes: statSync(daemon.path).size };
}

test('floods of two services go to the file of each, small and with exact counts (S118)', async () => {
  const directory = scratch('flood');
  const fileOf = (name: string) => join(directory, `${name}.log`);
  const serviceOf = (name: string) => ({
    ...{ listen: 'tcp://127.0.0.1:0', server: handler('raw'), no_access: ['127.86.0.0/16'], ...user },
    ...{ log_type: { file: fileOf(name) }, log_format: 'json' },
  });
  const daemon = await startFileLogged({
    config: { services: { one: serviceOf('one'), two: serviceOf('two') } },
  });
  const floodOf = (name: string, atLeast: number) => {
    const sources = { first: '127.86.0.1', count: 100 };
    return loadgen(daemon.port(name), { inFlight: 16, seconds: 0.01, atLeast, expectRefusal: true, sources });
  };
  const totals = { one: (await floodOf('one', 20_000)).total, two: (await floodOf('two', 5_000)).total };
  await daemon.zinetd.stop();
  for (const [name, total] of Object.entries(totals)) {
    const lines = readFileSync(fileOf(name), 'utf8').split('\n').slice(0, -1);
    const records = lines.map((line) => JSON.parse(line) as LogRecord);
    const { single, summed } = toldBy(records);
    expect(single + summed).toBe(total);
    expect(records.filter(({ service }) => service !== name)).toEqual([]);
    expect(statSync(fileOf(name)).size).toBeLessThan(MOST_BYTES);
  }
  expect(toldBy(daemon.records())).toEqual({ single: 0, summed: 0, rows: [] });
});
