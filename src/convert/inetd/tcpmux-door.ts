import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { convertEntry, type ServiceDraft } from './convert-entry.ts';
import type { Dialect } from './dialect.ts';
import { NO_LIMITS } from './parse-wait.ts';
import type { ServiceEntry } from './service-entry.ts';
import type { Word } from './word.ts';

function isMux({ entry }: ServiceDraft): boolean {
  return entry.subject.kind === 'mux' && entry.isEnabled;
}

function isDoor({ entry: { program, isEnabled } }: ServiceDraft): boolean {
  return program.kind === 'builtin' && program.name === 'tcpmux' && isEnabled;
}

/** The entry that GNU's inetd adds for itself. */
function doorEntry({ entry: { head, place, waitAt } }: ServiceDraft): ServiceEntry {
  const word: Word = { text: 'tcpmux', place: head.place, isLiteral: false };
  const buffers = { sendBuffer: undefined, receiveBuffer: undefined };
  return {
    ...{ head: word, place, waitAt, isEnabled: true, hasOwnPolicy: false, wait: false, limits: NO_LIMITS },
    subject: { kind: 'port', port: word, hosts: undefined },
    socketType: 'stream',
    transport: { kind: 'tcp', family: 'mapped', isRpc: false, ...buffers, at: head.place },
    principals: { user: { ...word, text: 'root' }, group: undefined },
    program: { kind: 'builtin', name: 'tcpmux', word, args: [] },
  };
}

/** GNU's inetd listens on the port of tcpmux by itself where services have a name there. */
export function tcpmuxDoor(
  drafts: readonly ServiceDraft[],
  context: { readonly dialect: Dialect; readonly report: Report },
): readonly ServiceDraft[] {
  const mux = drafts.find(isMux);
  if (context.dialect.name !== 'gnu' || !mux || drafts.some(isDoor)) return [];
  const { head } = mux.entry;
  const message = `Added the service "tcpmux" for ${quote(head.text)}, as gnu does`;
  context.report.add({ code: 'inetd/tcpmux', at: head.place, message });
  return [convertEntry(doorEntry(mux), { ...context, defaultHosts: undefined })];
}
