import { BanTable, NO_SERVICE } from '../admission/ban-table.ts';
import type { BanFact } from '../admission/facts.ts';
import { keyedHash } from '../admission/keyed-hash.ts';
import { matchAddress } from '../admission/match-list.ts';
import { type PenaltyOutcome, penaltyMs } from '../admission/penalty.ts';
import type { SourcePrefixes } from '../admission/source-bits.ts';
import type { Bus } from '../events/bus.ts';
import type { Endpoint } from '../model/address.ts';
import { addressKey } from '../model/address.ts';
import { BAN_REASONS, type BanReason } from '../model/ban-reason.ts';
import type { BansPolicy, ServicePolicy } from '../model/policy.ts';
import type { World } from './world.ts';

/** Slots looked at for each new ban: the table is swept once for as many as it holds. */
const SWEEP_SLOTS = 32;

/** Somebody who did something, and where. */
export interface Offender {
  readonly service: ServicePolicy;
  readonly index: number;
  readonly peer: Endpoint;
  readonly source: Uint32Array;
}

export interface BansOptions {
  readonly policy: () => BansPolicy;
  readonly secret: Uint32Array;
  readonly world: World;
  readonly bus: Bus;
  /** The source that an address counts for, and what of the address that is. */
  readonly writeKey: (address: Uint8Array) => Uint32Array;
  readonly prefixes: SourcePrefixes;
  /** The bans in force are others than before, and should be kept. */
  readonly onChange?: () => void;
}

function reasonOf(outcome: PenaltyOutcome): BanReason {
  return typeof outcome === 'string' ? outcome : 'exit_status';
}

/** Who is banned from all services, by sensors, by penalties, and by the operator. */
export class Bans {
  readonly table: BanTable;
  readonly #options: BansOptions;

  constructor(options: BansOptions) {
    const { capacity, overflow } = options.policy();
    this.table = new BanTable({ capacity, overflow, hash: keyedHash(options.secret) });
    this.#options = options;
  }

  get prefixes(): SourcePrefixes {
    return this.#options.prefixes;
  }

  /** The source that an address counts for. */
  sourceOf(address: Uint8Array): Uint32Array {
    return this.#options.writeKey(address);
  }

  /** The operator's way: whatever there is against the source, it is banned for this long from now on. */
  order(
    { key, address }: { readonly key: Uint32Array; readonly address: Uint8Array },
    banMs: number,
  ): 'banned' | 'exempt' | 'full' {
    if (this.#isExempt(address)) return 'exempt';
    const now = this.#options.world.nowMs();
    const reason = BAN_REASONS.indexOf('operator');
    const ban = { until: now + banMs, now, reason, service: NO_SERVICE, byOperator: true };
    if (!this.table.ban(key, ban)) return 'full';
    this.#options.onChange?.();
    return 'banned';
  }

  /** Forgets what there is against a source; false if there is no ban. */
  lift(source: Uint32Array): boolean {
    const now = this.#options.world.nowMs();
    const isBanned = this.table.find(source, now)?.inForce === true;
    if (this.table.unban(source, now)) this.#options.onChange?.();
    return isBanned;
  }

  /** Forgets everything; how many bans that were. */
  liftAll(): number {
    const now = this.#options.world.nowMs();
    let count = 0;
    for (const { key, inForce } of [...this.table.entries(now)]) {
      this.table.unban(key, now);
      if (inForce) count++;
    }
    if (count > 0) this.#options.onChange?.();
    return count;
  }

  /** What the ban list says of somebody. Who is exempt now may have been banned before. */
  fact({ source, peer }: Pick<Offender, 'source' | 'peer'>, nowMs: number): BanFact | undefined {
    if (this.table.size === 0) return undefined;
    const ban = this.table.find(source, nowMs);
    if (!ban?.inForce || this.#isExempt(addressKey(peer))) return undefined;
    return { remainingMs: ban.until - nowMs, reason: BAN_REASONS[ban.reason] ?? 'operator' };
  }

  /** The sensor's way: a ban at once. */
  ban(offender: Offender, banMs: number): void {
    if (this.#isExempt(addressKey(offender.peer))) return;
    const now = this.#options.world.nowMs();
    const before = this.table.find(offender.source, now);
    const reason = BAN_REASONS.indexOf('sensor');
    const until = now + banMs;
    const banned = this.table.ban(offender.source, {
      ...{ until, now, reason, service: offender.index, byOperator: false },
    });
    if (!banned) {
      this.#tellFull(offender);
      return;
    }
    this.#options.onChange?.();
    if (!before?.inForce) this.#tell(offender, { reason: 'sensor', untilMs: until - now });
  }

  /** The way of penalties: they add up. */
  penalise(offender: Offender, outcome: PenaltyOutcome): void {
    const { penalties } = offender.service;
    const addMs = penalties ? penaltyMs(penalties, outcome) : 0;
    if (!penalties || addMs === 0 || this.#isExempt(addressKey(offender.peer))) return;
    const now = this.#options.world.nowMs();
    this.table.sweep(now, SWEEP_SLOTS);
    const word = reasonOf(outcome);
    const reason = BAN_REASONS.indexOf(word);
    const offence = { addMs, now, limits: penalties, reason, service: offender.index };
    const result = this.table.penalise(offender.source, offence);
    if (result === 'unrecorded') this.#tellFull(offender);
    else if (result === 'came_into_force' || result === 'in_force') this.#options.onChange?.();
    if (result !== 'came_into_force') return;
    const until = this.table.find(offender.source, now)?.until ?? now;
    this.#tell(offender, { reason: word, untilMs: until - now });
  }

  #isExempt(address: Uint8Array): boolean {
    const { exempt } = this.#options.policy();
    return exempt !== undefined && matchAddress(exempt, address) !== undefined;
  }

  #tell(offender: Offender, ban: { readonly reason: BanReason; readonly untilMs: number }): void {
    const { service, peer } = offender;
    this.#options.bus.emit({
      type: 'banned',
      service: service.name,
      peer,
      reason: ban.reason,
      forMs: ban.untilMs,
    });
  }

  #tellFull({ service }: Offender): void {
    this.#options.bus.emit({ type: 'bans-full', service: service.name, unrecorded: this.table.unrecorded });
  }
}
