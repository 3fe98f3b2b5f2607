import { expect } from 'vitest';
import { handler } from '../../harness/handler.ts';
import { openPlace, type Place } from '../../harness/open-place.ts';
import { runProgram } from '../../harness/run-program.ts';
import { startInetd, type Way } from '../../harness/start-inetd.ts';

/** A service of the scenario, and how many of those who ask in turn are answered. */
interface Row {
  readonly port: number;
  readonly kind: 'dgram-wait' | 'stream-wait' | 'stream-nowait';
  readonly limits: Readonly<Record<string, number>>;
  readonly answered: number;
}

/** In this order, as in test_ratelimit of NetBSD's tests/usr.sbin/inetd/t_inetd.c. */
const ROWS: readonly Row[] = [
  { port: 5432, kind: 'dgram-wait', limits: { service_max: 5, ip_max: 3 }, answered: 3 },
  { port: 5433, kind: 'dgram-wait', limits: { ip_max: 0 }, answered: 0 },
  { port: 5434, kind: 'dgram-wait', limits: { service_max: 2 }, answered: 2 },
  { port: 5435, kind: 'dgram-wait', limits: { service_max: 0 }, answered: 0 },
  { port: 5434, kind: 'stream-wait', limits: { service_max: 2 }, answered: 2 },
  { port: 5435, kind: 'stream-wait', limits: { service_max: 0 }, answered: 0 },
  { port: 5436, kind: 'stream-nowait', limits: { service_max: 5, ip_max: 3 }, answered: 3 },
  { port: 5437, kind: 'stream-nowait', limits: { ip_max: 0 }, answered: 0 },
  { port: 5438, kind: 'stream-nowait', limits: { service_max: 2 }, answered: 2 },
  { port: 5439, kind: 'stream-nowait', limits: { service_max: 0 }, answered: 0 },
];

function protocolOf({ kind }: Row): string {
  return kind === 'dgram-wait' ? 'udp' : 'tcp';
}

/** A definition in the syntax of keys and values. */
function definitionOf(row: Row): string {
  const settings = {
    protocol: protocolOf(row),
    wait: row.kind === 'stream-nowait' ? 'no' : 'yes',
    user: 'root',
    ...row.limits,
    exec: handler('answer-once'),
    args: `answer-once ${row.kind}`,
  };
  const pairs = Object.entries(settings).map(([key, value]) => `\t${key} = ${value}`);
  return `${row.port} on\n${pairs.join(',\n')};\n`;
}

/** Asks until one is not answered, and tells how many were. */
async function askInTurn(place: Place, row: Row): Promise<number> {
  const ask = [...place.enter, handler('ask-once'), protocolOf(row), String(row.port)];
  for (let answered = 0; answered <= row.answered; answered++) {
    const { status } = await runProgram(ask);
    if (status === 1) return answered;
    expect(status, `asking ${row.kind} ${row.port}`).toBe(0);
  }
  return row.answered + 1;
}

/** The scenario of test_ratelimit; tells how many asked. */
export async function playRatelimit(way: Way): Promise<number> {
  const place = await openPlace({ over: [] });
  const inetdConf = ['127.0.0.1:\n', ...ROWS.map(definitionOf)].join('\n');
  await startInetd({ way, inetdConf, dialect: 'netbsd', place });
  let cases = 0;
  for (const row of ROWS) {
    const answered = await askInTurn(place, row);
    expect(answered, `answers of ${row.kind} ${row.port}`).toBe(row.answered);
    cases += answered + 1;
  }
  return cases;
}
