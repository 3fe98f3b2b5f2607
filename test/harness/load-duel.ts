import { BARS, type Duel, holdDuel } from '../../bench/load/duel.mjs';
import { handler } from './handler.ts';

/**
 * Abusers at 5,000 connections a second, from one source (B3) or from 65,536 (B4), and a victim at 10 a second
 * from another, on a service that answers "ok". What the victim must get is in `bar` of the result.
 */
export function loadDuel(
  port: number,
  options: { readonly abusers: keyof typeof BARS; readonly seconds: number },
): Promise<Duel> {
  return holdDuel(BARS[options.abusers], { loadgen: handler('loadgen'), port, seconds: options.seconds });
}
