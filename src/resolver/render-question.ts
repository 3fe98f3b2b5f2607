import type { DecisionSubject } from '../model/decision.ts';

/** What a later form of the question would change. */
const VERSION = 1;

/** The line that whoever decides reads, the same for a socket and for a program. */
export function renderQuestion({ service, address, port, local }: DecisionSubject): string {
  return `${JSON.stringify({ version: VERSION, service, address, port, local })}\n`;
}
