import type { Case, Seen, Stage } from '../case.ts';
import type { Group } from '../group.ts';

const INTERNAL = 'type = INTERNAL UNLISTED\n-server\n-user';
const DGRAM = `${INTERNAL}\nsocket_type = dgram\nprotocol = udp\nwait = yes`;
/** The answer to a datagram is not longer than the question. */
const QUESTION = 'x'.repeat(1100);
const LEAST_LINES = 6;

/** Both forms that are around, as they are told: with the line end escaped. */
const DAYTIMES = {
  'DATE TIME ZONE': /\d\d [A-Z]{3} \d{4} \d\d:\d\d:\d\d [A-Z]+\\r\\n/,
  CTIME: /[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\\r\\n/,
};

function hideTime(told: string): string {
  return Object.entries(DAYTIMES).reduce((text, [name, form]) => text.replace(form, name), told);
}

/** Lines of 72 characters, each the one before moved on by one, but where the characters begin again. */
function tellChargen(text: string): Seen {
  const lines = text.split('\r\n').slice(0, LEAST_LINES);
  const isMoved = lines.every((line, at) => at === 0 || lines[at - 1]?.slice(1) === line.slice(0, -1));
  const isRight = isMoved && lines.length === LEAST_LINES && lines.every((line) => line.length === 72);
  return [isRight ? 'lines of 72 characters' : JSON.stringify(text)];
}

function stream(name: string, play: (stage: Stage) => Promise<Seen>): Case {
  return { name, stanza: INTERNAL, play };
}

function dgram(name: string, play: (stage: Stage) => Promise<Seen>): Case {
  return { name: `${name}/dgram`, stanza: `${DGRAM}\nid = ${name}-dgram`, play };
}

/** Seconds of RFC 868 are those of now, to a few. */
function tellTime(bytes: string): Seen {
  const seconds = [...bytes].reduce((value, byte) => value * 256 + byte.charCodeAt(0), 0);
  const off = seconds - 2_208_988_800 - Date.now() / 1000;
  return [`${bytes.length} bytes, ${Math.abs(off) < 10 ? 'now' : off}`];
}

/** What is built in. */
export const BUILTINS: Group = {
  title: 'built-in services',
  cases: [
    stream('echo', async ({ clients, port }) => [await clients.call({ port: port(), send: 'hello' })]),
    stream('discard', async ({ clients, port }) => [await clients.call({ port: port(), send: 'hello' })]),
    stream('daytime', async ({ clients, port }) => [hideTime(await clients.call({ port: port() }))]),
    stream('time', async ({ clients, port }) => tellTime(await clients.text({ port: port() }))),
    {
      name: 'chargen',
      // It ends by whatever it notices first of the client that leaves.
      stanza: `${INTERNAL}\nlog_on_success = PID HOST`,
      play: async ({ clients, port }) => {
        const text = await clients.open('chargen', { port: port(), until: '\r\n,' });
        await clients.close('chargen');
        return tellChargen(JSON.parse(text) as string);
      },
    },
    dgram('echo', async ({ clients, port }) => [await clients.send({ port: port(), send: 'hello' })]),
    dgram('discard', async ({ clients, port }) => [
      await clients.send({ port: port(), send: 'hello', patience: 0.3 }),
    ]),
    dgram('daytime', async ({ clients, port }) => [
      hideTime(await clients.send({ port: port(), send: QUESTION })),
    ]),
    dgram('time', async ({ clients, port }) =>
      tellTime(await clients.answer({ port: port(), send: QUESTION })),
    ),
    dgram('chargen', async ({ clients, port }) =>
      tellChargen(await clients.answer({ port: port(), send: QUESTION })),
    ),
    {
      name: 'echo/denied',
      stanza: `${INTERNAL}\nid = echo-denied\nno_access = 127.0.0.1`,
      play: async ({ clients, port }) => [await clients.call({ port: port() })],
    },
    {
      name: 'daytime/denied',
      stanza: `${INTERNAL}\nid = daytime-denied\nno_access = 127.0.0.1`,
      play: async ({ clients, port }) => [await clients.call({ port: port() })],
    },
    {
      name: 'echo/dgram-denied',
      stanza: `${DGRAM}\nid = echo-dgram-denied\nno_access = 127.0.0.1`,
      play: async ({ clients, port }) => [
        await clients.send({ port: port(), send: 'x', patience: 0.3 }),
        await clients.send({ port: port(), send: 'x', from: '127.0.0.2' }),
      ],
    },
  ],
};
