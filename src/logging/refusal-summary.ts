import { TOLD_REASONS, type ToldReason } from '../model/told-reason.ts';
import { RefusalSources } from './refusal-sources.ts';
import { RefusalWindow } from './refusal-window.ts';

export interface Refusal {
  /** Index in the policy. */
  readonly service: number;
  readonly reason: ToldReason;
  /** The bytes of the address. */
  readonly source: Uint8Array;
  /** On the monotonic clock. */
  readonly atMs: number;
}

/** Refusals that had no record of their own: of one source, or, without `source`, of all others together. */
export interface RefusalRow {
  readonly service: number;
  readonly reason: ToldReason;
  readonly source: Uint8Array | undefined;
  readonly count: number;
  /** How many sources the row is about, at least. */
  readonly sources: number;
  /** There may be more sources than `sources`: they were too many to be told apart. */
  readonly hasMoreSources: boolean;
  /** How long it took to count them. */
  readonly durationMs: number;
}

const SOURCES = 1024;
/** So that a flood of one service leaves room to tell the sources of others apart. */
const SOURCES_OF_ONE = 256;
/** A person who tries again has all records, and fail2ban as many as it counts to by default. */
const RECORDS_OF_SOURCE = 5;
/** Refusals of one service and reason that come faster than one a second are a flood. */
const FLOOD_PER_MS = 1 / 1000;
const REASONS = TOLD_REASONS.length;
const REASON_NUMBERS: ReadonlyMap<ToldReason, number> = new Map(
  TOLD_REASONS.map((reason, number) => [reason, number]),
);

/** What a window has seen of one service and reason. */
interface Flood {
  records: number;
  /** Sources that have a place in the table. */
  sources: number;
  /** Refusals without a record, of sources without a place. */
  untold: number;
  /** Refusals without a record, all. */
  suppressed: number;
}

/**
 * Keeps a flood of refusals from becoming a flood of records (S118): says of each refusal whether it has one, and
 * counts the others, exactly, in memory that does not grow. Records and the counts of the rows add up to all
 * refusals, for each service and reason.
 */
export class RefusalSummary {
  readonly #table: RefusalSources;
  /** Beside the table: records of a source, and refusals without one. */
  readonly #records: Uint8Array;
  readonly #counts: Float64Array;
  readonly #floods = new Map<number, Flood>();
  readonly #window = new RefusalWindow();
  #recordsOfAll = 0;

  constructor(seed: number) {
    this.#table = new RefusalSources({ capacity: SOURCES, seed });
    this.#records = new Uint8Array(this.#table.places);
    this.#counts = new Float64Array(this.#table.places);
  }

  /** When the summary should be taken; undefined while there is nothing to take. */
  get dueAtMs(): number | undefined {
    const { sinceMs, budget } = this.#window;
    return sinceMs === undefined ? undefined : sinceMs + budget.windowMs;
  }

  /** Takes note of a refusal: true if it is to have a record of its own. */
  note({ service, reason, source, atMs }: Refusal): boolean {
    if (this.#window.sinceMs === undefined) this.#window.open(atMs);
    const group = service * REASONS + (REASON_NUMBERS.get(reason) ?? 0);
    const flood = this.#floodOf(group);
    const place = this.#placeOf(flood, { group, source });
    if (this.#isRecorded(flood, place)) {
      flood.records++;
      this.#recordsOfAll++;
      if (place >= 0) this.#records[place] = (this.#records[place] ?? 0) + 1;
      return true;
    }
    flood.suppressed++;
    if (place >= 0) this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    else flood.untold++;
    return false;
  }

  /** Ends the window, and gives what had no record: sources with the most refusals first. */
  flush(nowMs: number): readonly RefusalRow[] {
    const { sinceMs } = this.#window;
    if (sinceMs === undefined) return [];
    const rows = this.#rows(nowMs - sinceMs);
    this.#window.close(nowMs, { wasFlood: this.#isFlood(nowMs - sinceMs) });
    this.#table.clear();
    this.#floods.clear();
    this.#recordsOfAll = 0;
    return rows;
  }

  #isFlood(durationMs: number): boolean {
    const most = FLOOD_PER_MS * Math.max(durationMs, this.#window.budget.windowMs);
    return [...this.#floods.values()].some(({ records, suppressed }) => records + suppressed > most);
  }

  #floodOf(group: number): Flood {
    const known = this.#floods.get(group);
    if (known) return known;
    const flood = { records: 0, sources: 0, untold: 0, suppressed: 0 };
    this.#floods.set(group, flood);
    return flood;
  }

  #placeOf(flood: Flood, key: { readonly group: number; readonly source: Uint8Array }): number {
    const known = this.#table.find(key);
    if (known >= 0 || flood.sources >= SOURCES_OF_ONE) return known;
    const place = this.#table.add(key);
    if (place < 0) return -1;
    flood.sources++;
    this.#records[place] = 0;
    this.#counts[place] = 0;
    return place;
  }

  /** Sources that are new come first: half of the records are for them alone. */
  #isRecorded(flood: Flood, place: number): boolean {
    if (flood.records === 0) return true;
    const { budget } = this.#window;
    if (place < 0 || this.#recordsOfAll >= budget.allRecords) return false;
    const records = this.#records[place] ?? 0;
    if (records === 0) return flood.records < budget.records;
    return records < RECORDS_OF_SOURCE && flood.records < budget.records / 2;
  }

  #rows(durationMs: number): readonly RefusalRow[] {
    const floods = [...this.#floods].filter(([, { suppressed }]) => suppressed > 0);
    const { rows, allRows } = this.#window.budget;
    const most = Math.min(rows, Math.floor(allRows / Math.max(1, floods.length)));
    const places = this.#placesByGroup();
    return floods.flatMap(([group, flood]) =>
      this.#rowsOf(flood, { group, most, places: places.get(group) ?? [], durationMs }),
    );
  }

  #placesByGroup(): ReadonlyMap<number, readonly number[]> {
    const groups = new Map<number, number[]>();
    for (let place = 0; place < this.#table.places; place++) {
      const group = this.#table.groupAt(place);
      if (group < 0 || this.#counts[place] === 0) continue;
      const places = groups.get(group);
      if (places) places.push(place);
      else groups.set(group, [place]);
    }
    return groups;
  }

  #rowsOf(
    flood: Flood,
    options: { group: number; most: number; places: readonly number[]; durationMs: number },
  ): readonly RefusalRow[] {
    const { group, most, durationMs } = options;
    const countAt = (place: number) => this.#counts[place] ?? 0;
    const places = options.places.toSorted((left, right) => countAt(right) - countAt(left));
    const head = {
      service: Math.floor(group / REASONS),
      reason: TOLD_REASONS[group % REASONS] ?? 'address',
      durationMs,
    };
    const named = places.slice(0, most).map((place) => ({
      ...head,
      source: this.#table.sourceAt(place),
      count: countAt(place),
      sources: 1,
      hasMoreSources: false,
    }));
    const count = flood.suppressed - named.reduce((sum, row) => sum + row.count, 0);
    const hasMoreSources = flood.untold > 0;
    const sources = places.length - named.length + (hasMoreSources ? 1 : 0);
    return count === 0 ? named : [...named, { ...head, source: undefined, count, sources, hasMoreSources }];
  }
}
