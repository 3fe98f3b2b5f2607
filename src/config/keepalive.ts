import { parseDurationMs } from '../model/quantity.ts';
import type { Keepalive } from '../model/service.ts';
import type { KeepaliveDocument } from './document.ts';

/** A peer that is gone holds its instance for two minutes. docs/reference/configuration.md repeats it. */
const STANDARD: Keepalive = { idleSeconds: 60, intervalSeconds: 15, count: 4 };

/** tcp(7): MAX_TCP_KEEPIDLE and MAX_TCP_KEEPINTVL. */
const MOST_SECONDS = 32_767;

/** TCP_USER_TIMEOUT counts milliseconds in an int. */
const MOST_TOTAL_SECONDS = 2_147_483;

/** One duration of a keepalive, or undefined when the kernel could not be told. */
export function parseKeepaliveSeconds(text: string): number | undefined {
  const seconds = (parseDurationMs(text) ?? 0) / 1000;
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS ? seconds : undefined;
}

function secondsOf(text: string | undefined, standard: number): number {
  return text === undefined ? standard : (parseKeepaliveSeconds(text) ?? standard);
}

/** The setting of a service in numbers; undefined: the kernel sends no probes. */
export function resolveKeepalive(written: boolean | KeepaliveDocument): Keepalive | undefined {
  if (written === false) return undefined;
  if (written === true) return STANDARD;
  return {
    idleSeconds: secondsOf(written.idle, STANDARD.idleSeconds),
    intervalSeconds: secondsOf(written.interval, STANDARD.intervalSeconds),
    count: written.count ?? STANDARD.count,
  };
}

/** Whether the kernel can count the time that all of it takes. */
export function isKeepaliveCountable(written: boolean | KeepaliveDocument): boolean {
  const { idleSeconds, intervalSeconds, count } = resolveKeepalive(written) ?? STANDARD;
  return idleSeconds + intervalSeconds * count <= MOST_TOTAL_SECONDS;
}
