import type { Case } from '../case.ts';
import type { Group } from '../group.ts';

const FRED = 'PORTS : USERID : UNIX : fred\r\n';
const USERID = 'log_on_success = PID HOST USERID EXIT';

interface Identity {
  readonly answer: string;
  readonly stanza?: string;
  readonly isAsked?: boolean;
}

/** What the client's host answers, and whether it is asked at all. */
function identified(name: string, options: Identity): Case {
  return {
    name,
    stanza: options.stanza ?? USERID,
    play: async ({ clients, port }) => {
      await clients.identd(options.answer);
      const seen = await clients.call({ port: port() });
      return [seen, `asked ${await clients.asked(options.isAsked ?? true)} times`];
    },
  };
}

/** Who the clients are, by RFC 1413. */
export const IDENT: Group = {
  title: 'ident',
  cases: [
    identified('user', { answer: FRED }),
    identified('system', { answer: 'PORTS : USERID : OTHER,UTF-8 : a b\r\n' }),
    identified('unprintable', { answer: 'PORTS : USERID : UNIX : a\u001b[31m%n\r\n' }),
    identified('hidden', { answer: 'PORTS : ERROR : HIDDEN-USER\r\n' }),
    identified('garbage', { answer: 'what?\r\n' }),
    identified('other_ports', { answer: '1 , 2 : USERID : UNIX : fred\r\n' }),
    identified('alone', { answer: FRED, stanza: 'log_on_success = USERID' }),
    identified('id_only', { answer: FRED, stanza: `${USERID}\nflags = IDONLY` }),
    identified('id_only_hidden', {
      answer: 'PORTS : ERROR : HIDDEN-USER\r\n',
      stanza: `${USERID}\nflags = IDONLY`,
    }),
    identified('id_only_silent', { answer: '', stanza: `${USERID}\nflags = IDONLY` }),
    identified('failure', { answer: FRED, stanza: 'log_on_failure = HOST USERID\nmax_load = 0.0001' }),
    identified('not_wanted', { answer: FRED, stanza: 'flags = IDONLY', isAsked: false }),
  ],
};
