import type { LogRecord } from '../harness/log-records.ts';
import { isFailureReason } from '../harness/summed-records.ts';
import type { Sight, Visit } from './visits.ts';

/** What the log says of the end of a connection. */
interface Told {
  readonly event: string;
  readonly signal: number | undefined;
  readonly reason: string | undefined;
}

/** Records of clients, whatever their level. */
const CLIENTS = new Set(['failed', 'refused', 'refused-more', 'exited', 'stderr']);
const MOST_LATEST = 40;
const FINAL = new Set(['exited', 'failed', 'refused', 'answered']);
/** Their handlers accept, or read, for themselves: the log has the handlers, and not their clients. */
const WAITING = new Set(['twait', 'uwait']);
/** Whose clients the log cannot tell apart, or clients of another service than the one that is counted. */
const UNNAMED = new Set(['local', 'target', 'extra']);

/** Whether what the client saw and what the log says can be the same connection. */
function agree(sight: Sight, told: Told, service: string): boolean {
  if (service === 'refused') return sight === 'cut' && told.event === 'refused';
  // The resolver may stand still for longer than a name is waited for.
  if (service === 'named' && told.reason === 'name_lookup') return sight === 'cut';
  if (sight === 'served') return told.event === 'exited';
  if (sight === 'unconnected') return false;
  // The end of a target that was killed is an end like any other to a relay.
  if (service === 'relay') return told.event === 'exited' || told.event === 'failed';
  return (told.event === 'exited' && told.signal !== undefined) || told.event === 'failed';
}

/** A client over UDP sends again to whoever comes after a handler that was killed. */
function isSecondTry(service: string, first: Told | undefined): boolean {
  return service === 'upeer' && first?.signal !== undefined;
}

/** Each connection, as its client saw it and as the log tells it: both must be the same (B2). */
export class Ledger {
  /** By service: what clients saw, and what records there were. */
  readonly sights: Record<string, Record<string, number>> = {};
  readonly records: Record<string, Record<string, number>> = {};
  /** What cannot be. */
  readonly violations: string[] = [];
  /** Datagrams of clients, by service. */
  readonly said: Record<string, number> = {};
  /** What the daemon says of itself that an operator would look at. */
  readonly warnings: LogRecord[] = [];
  /** The end of the log. */
  readonly latest: LogRecord[] = [];
  /** Of which the log has nothing yet: the log may be read late, and an address and port come again meanwhile. */
  readonly #seen = new Map<string, Visit[]>();
  readonly #told = new Map<string, Told>();
  readonly #started = new Map<string, number>();
  readonly #isLossy: boolean;

  constructor(options: { readonly isLossy: boolean }) {
    this.#isLossy = options.isLossy;
  }

  #violate(text: string): void {
    if (this.violations.length < 100) this.violations.push(text);
  }

  #count(table: Record<string, Record<string, number>>, service: string, what: string, more = 1): void {
    const row = table[service] ?? {};
    row[what] = (row[what] ?? 0) + more;
    table[service] = row;
  }

  visit(visit: Visit): void {
    const { service, sight, peer } = visit;
    this.#count(this.sights, service, sight);
    if (visit.said) this.said[service] = (this.said[service] ?? 0) + visit.said;
    if (sight === 'unconnected') this.#violate(`a client of ${service} could not connect: ${visit.code}`);
    if (peer === undefined || this.#isLossy || service === 'refused' || WAITING.has(service)) return;
    const key = `${service} ${peer}`;
    const told = this.#told.get(key);
    if (!told) {
      const seen = this.#seen.get(key);
      if (seen) seen.push(visit);
      else this.#seen.set(key, [visit]);
      return;
    }
    this.#told.delete(key);
    this.#compare(key, visit, told);
  }

  #compare(key: string, { sight, service, code }: Visit, told: Told): void {
    if (!agree(sight, told, service))
      this.#violate(
        `${key} saw "${sight}" (${code ?? 'no error'}), and the log says ${JSON.stringify(told)}`,
      );
  }

  record(record: LogRecord): void {
    const { event, service, peer, level } = record;
    if (this.latest.push(record) > MOST_LATEST) this.latest.shift();
    if (level !== 'info' && !CLIENTS.has(event) && this.warnings.length < 500) this.warnings.push(record);
    if (event === 'refused-more' && service) {
      const what = isFailureReason(record.reason) ? 'failed' : 'refused';
      this.#count(this.records, service, what, Number(record['count']));
    }
    if (!service || !(FINAL.has(event) || event === 'started')) return;
    this.#count(this.records, service, event);
    if (this.#isLossy) return;
    this.#pair(record, service);
    if (!FINAL.has(event) || WAITING.has(service) || UNNAMED.has(service) || service === 'refused') return;
    const key = `${service} ${peer?.address}:${peer?.port}`;
    const told: Told = { event, signal: record.signal, reason: record.reason ?? record.step };
    const seen = this.#seen.get(key);
    const visit = seen?.shift();
    if (seen?.length === 0) this.#seen.delete(key);
    if (visit) {
      this.#compare(key, visit, told);
    } else if (this.#told.has(key) && !isSecondTry(service, this.#told.get(key))) {
      this.#violate(`${key} has two last records: ${JSON.stringify([this.#told.get(key), told])}`);
    } else {
      this.#told.set(key, told);
    }
  }

  /** Each start has one end, of the same handler and client, and no end comes ahead of it. */
  #pair({ event, pid, peer }: LogRecord, service: string): void {
    if (event !== 'started' && event !== 'exited') return;
    const key = WAITING.has(service)
      ? `${service} ${pid}`
      : `${service} ${pid ?? ''} ${peer?.address}:${peer?.port ?? peer?.['pid' as 'uid']}`;
    const open = (this.#started.get(key) ?? 0) + (event === 'started' ? 1 : -1);
    if (open < 0) this.#violate(`${key} ended and had not started`);
    if (open === 0) this.#started.delete(key);
    else this.#started.set(key, open);
  }

  /** What one side has and the other has not: nothing, once nobody is there any more. */
  get open(): readonly string[] {
    return [
      ...[...this.#seen.keys()].map((key) => `${key}: no last record`),
      ...[...this.#told.keys()].map((key) => `${key}: a record of nobody`),
      ...[...this.#started.keys()].map((key) => `${key}: no exit`),
    ];
  }

  /** How many of a service came, as they know. */
  cameTo(service: string): number {
    return Object.values(this.sights[service] ?? {}).reduce((sum, count) => sum + count, 0);
  }
}
