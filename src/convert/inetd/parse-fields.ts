import type { Place } from '../../config/source.ts';
import { knowsPeers } from './knows-peers.ts';
import type { ParseContext } from './parse-context.ts';
import { parsePrincipals } from './parse-principals.ts';
import { parseProgram } from './parse-program.ts';
import { parseProtocol } from './parse-protocol.ts';
import { parseSocketType } from './parse-socket-type.ts';
import { parseSubject } from './parse-subject.ts';
import { parseWait } from './parse-wait.ts';
import type { ServiceEntry } from './service-entry.ts';
import { subjectName } from './subject-name.ts';
import type { Word } from './word.ts';

/** The seven fields, whatever they hold; arguments may be missing. */
export interface Fields {
  readonly place: Place;
  readonly head: Word;
  readonly socketType: Word;
  readonly protocol: Word;
  readonly wait: Word;
  readonly user: Word;
  readonly server: Word;
  readonly args: readonly Word[];
}

/** Reads each field, so that all that is wrong is told at once; undefined after a report. */
export function parseFields(fields: Fields, context: ParseContext): ServiceEntry | undefined {
  const { head, place } = fields;
  const transport = parseProtocol(fields.protocol, context);
  const socket = transport && parseSocketType(fields.socketType, { ...context, transport });
  const subject = transport && parseSubject(head, { ...context, transport });
  const wait = parseWait(fields.wait, context);
  const principals = parsePrincipals(fields.user, context);
  if (!transport || !socket || !subject || !wait || !principals) return undefined;
  const isBlind = !knowsPeers({ wait: wait.wait, socketType: socket.type, transport });
  const program = parseProgram(fields, { ...context, service: subjectName(subject), isBlind });
  if (!program) return undefined;
  const limits = { ...wait.limits, children: socket.acceptMax ?? wait.limits.children };
  return {
    ...{ head, place, isEnabled: true, hasOwnPolicy: false, subject, transport, principals, program, limits },
    socketType: socket.type,
    wait: wait.wait,
    waitAt: fields.wait.place,
  };
}
