import type { Account } from './meters.ts';
import type { SoakRun } from './soak-run.ts';

/** Whose clients are not those of the traffic, or are told under another name. */
const WITHOUT_CLIENTS = new Set(['mux', 'extra']);
/** Their handlers accept for themselves. */
const WAITING = new Set(['twait', 'uwait']);

/** How many came to a service, as the other end knows. */
function cameTo({ ledger }: SoakRun, service: string): number {
  return ledger.cameTo(service === 'target' ? 'relay' : service);
}

/** Datagrams of clients of `upeer` of which nothing is told: neither a handler, nor that they were dropped. */
export function untoldDatagrams({ ledger }: SoakRun, { started, refused, failed, dropped }: Account): number {
  return (ledger.said['upeer'] ?? 0) - started - refused - failed - dropped;
}

function same(what: string, sides: readonly (readonly [side: string, numbers: object])[]): readonly string[] {
  const [[, first] = ['', {}], ...others] = sides;
  const isSame = others.every(([, numbers]) => JSON.stringify(numbers) === JSON.stringify(first));
  return isSame ? [] : [`${what}: ${sides.map(([side, it]) => `${side} ${JSON.stringify(it)}`).join(', ')}`];
}

/**
 * Clients, metrics, control socket and log must have the same numbers, and whoever was accepted must have been started,
 * refused or failed, and have ended if started (B2). What differs, in words.
 */
export async function findImbalances(run: SoakRun): Promise<readonly string[]> {
  run.readLog();
  const found: string[] = [];
  for (const [service, { counted, status }] of await run.accounts()) {
    if (WITHOUT_CLIENTS.has(service)) continue;
    const { dropped: _, ...account } = counted;
    found.push(
      ...same(service, [
        ['metrics', account],
        ['control socket', status],
      ]),
    );
    const { started = 0, refused = 0, failed = 0, exited = 0 } = run.ledger.records[service] ?? {};
    const told = { started, refused, failed, exited, running: 0 };
    // Many refusals are told later, in a sum.
    if (service !== 'refused')
      found.push(
        ...same(service, [
          ['metrics', account],
          ['log', told],
        ]),
      );
    if (counted.exited !== counted.started)
      found.push(`${service}: started ${counted.started}, exited ${counted.exited}`);
    if (WAITING.has(service)) continue;
    if (service === 'upeer') {
      // Those that are dropped are told of once a minute.
      const untold = untoldDatagrams(run, counted);
      if (untold < 0) found.push(`upeer: ${-untold} more were told of than came`);
      continue;
    }
    const accepted = counted.started + counted.refused + counted.failed;
    found.push(
      ...same(service, [
        ['accepted', { accepted }],
        ['came', { accepted: cameTo(run, service) }],
      ]),
    );
  }
  return found;
}
