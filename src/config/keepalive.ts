import { parseDurationMs } from '../model/quantity.ts';
import type { Keepalive } from '../model/service.ts';
import type { KeepaliveDocument } from './document.ts';

/** A peer that is gone holds its instance for two minutes. docs/reference/configuration.md repeats it. */
const STANDARD: Keepalive = { idleSeconds: 60, intervalSeconds: 15, count: 4 };

/** tcp(7): MAX_TCP_KEEPIDLE and MAX_TCP_KEEPINTVL. */
const MOST_SECONDS = 32_767;

/** TCP_USER_TIMEOUT counts milliseconds in an int. */
const MOST_TOTAL_SECONDS = 2_147_483;

/** One of silence, and one for an answer. */
const LEAST_TOTAL_SECONDS = 2;

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

/** From the last word of a peer to the end of the connection. */
export function keepaliveTotalMs({ idleSeconds, intervalSeconds, count }: Keepalive): number {
  return 1000 * (idleSeconds + intervalSeconds * count);
}

/** Half of the time in silence, half of it asking, as nearly as whole seconds allow. Undefined: there are too few of them. */
export function keepaliveWithin(totalMs: number): Keepalive | undefined {
  if (totalMs >= keepaliveTotalMs(STANDARD)) return STANDARD;
  const seconds = Math.floor(totalMs / 1000);
  if (seconds < LEAST_TOTAL_SECONDS) return undefined;
  const count = Math.min(STANDARD.count, seconds - 1);
  const intervalSeconds = Math.max(1, Math.floor(seconds / (2 * STANDARD.count)));
  return { idleSeconds: seconds - intervalSeconds * count, intervalSeconds, count };
}

/** Whether the kernel can count the time that all of it takes. */
export function isKeepaliveCountable(written: boolean | KeepaliveDocument): boolean {
  return keepaliveTotalMs(resolveKeepalive(written) ?? STANDARD) <= 1000 * MOST_TOTAL_SECONDS;
}
