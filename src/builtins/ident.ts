import type { IdentPolicy } from '../model/builtin.ts';
import type { Owner } from '../model/owner.ts';
import { type IdentQuery, parseIdentQuery } from './ident-query.ts';
import { identReply } from './ident-reply.ts';
import type { Talk, TalkPlace, TalkWorld } from './talk.ts';

/** RFC 1413, 4: with its end. */
const MOST_LINE_BYTES = 1000;

/** FreeBSD's -g: a token instead of whoever it is. */
function randomOwner({ secret }: TalkWorld): Owner {
  const words = Array.from(secret(), (word) => word.toString(16).padStart(8, '0'));
  return { kind: 'user', name: words.join('') };
}

function findOwner(
  query: IdentQuery,
  { policy, world, place }: { policy: IdentPolicy; world: TalkWorld; place: TalkPlace },
  callback: (owner: Owner) => void,
): void {
  const connection = policy.isReal ? place.connection : undefined;
  if (policy.isRandom) callback(randomOwner(world));
  else if (!connection) callback({ kind: 'failed' });
  else {
    const { local, peer } = connection;
    const ends = { local: { ...local, port: query.localPort }, peer: { ...peer, port: query.peerPort } };
    place.findOwner(ends, callback);
  }
}

/** RFC 1413: one line is asked, one is answered. */
export function talkIdent(policy: IdentPolicy, options: { world: TalkWorld; place: TalkPlace }): Talk {
  const { world, place } = options;
  let line = '';
  let state: 'listen' | 'wait' | 'end' = 'listen';
  let reply: Uint8Array | undefined;
  const answer = (query: IdentQuery | undefined, owner: Owner): void => {
    state = 'end';
    reply = new TextEncoder().encode(identReply(policy, { query, owner }));
  };
  const ask = (query: IdentQuery): void => {
    state = 'wait';
    findOwner(query, { policy, world, place }, (owner) => {
      answer(query, owner);
      place.wake();
    });
  };
  return {
    next: () => {
      const bytes = reply;
      reply = undefined;
      return bytes ?? state;
    },
    take: (bytes) => {
      if (state !== 'listen') return;
      line += Buffer.from(bytes).toString('latin1');
      const end = line.indexOf('\n');
      if (end < 0 && line.length < MOST_LINE_BYTES) return;
      const query =
        end < 0 || end >= MOST_LINE_BYTES
          ? undefined
          : parseIdentQuery(line.slice(0, end).replace(/\r$/, ''));
      if (query) ask(query);
      else answer(undefined, { kind: 'failed' });
    },
    finish: () => {
      if (state === 'listen') state = 'end';
    },
  };
}
