import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../src/launch/request.ts';
import { EVENT_BYTES } from '../../src/launch/spawner-event.ts';
import { SpawnerLink } from '../../src/launch/spawner-link.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { FakePoller, fakeBinding } from '../listeners/fake-binding.ts';

const { errno } = constants;
const CHANNEL_FD = 3;
const READABLE = 1;
const WRITABLE = 4;
const peer = { family: 4, bytes: Uint8Array.from([192, 0, 2, 1]), port: 9, scopeId: 0 } as const;

function launch(id: number): Request {
  return { type: 'launch', id, service: 0, variant: 0, peer };
}

/** A link whose sends and receives end as the lists say; then sends succeed, and receives would block. */
function linkOf(results: { readonly sends?: number[]; readonly receives?: number[] }) {
  const seen: string[] = [];
  const packets: Uint8Array[] = [];
  const fake = new FakePoller();
  const binding = fakeBinding({
    send: (_fd, bytes) => {
      const result = results.sends?.shift() ?? bytes.length;
      if (result > 0) seen.push(`sent ${bytes[8]}`);
      if (result > 0) packets.push(bytes);
      return result;
    },
    receive: () => results.receives?.shift() ?? -errno.EAGAIN,
    close: (fd) => {
      seen.push(`closed ${fd}`);
      return 0;
    },
  });
  const link = new SpawnerLink({
    binding,
    poller: fake.poller,
    channel: new Descriptor(binding, CHANNEL_FD),
    handlers: {
      onEvent: () => seen.push('event'),
      onUnsent: (request, code) => seen.push(`unsent ${request.type} ${code}`),
      onGone: () => seen.push('gone'),
    },
  });
  const ready = (events: number) => fake.ready(fake.token(CHANNEL_FD), events);
  return {
    link,
    seen,
    packets,
    ready,
    pass: (id: number) => link.send(launch(id), new Descriptor(binding, 100 + id)),
  };
}

describe('the link to the spawner', () => {
  test('keeps the order of requests that had to wait, and closes each descriptor once it is on its way', () => {
    const { seen, ready, pass } = linkOf({ sends: [-errno.EAGAIN] });
    pass(1);
    pass(2);
    expect(seen).toEqual([]);
    ready(WRITABLE);
    expect(seen).toEqual(['sent 1', 'closed 101', 'sent 2', 'closed 102']);
    pass(3);
    expect(seen.slice(4)).toEqual(['sent 3', 'closed 103']);
  });

  test.each(['ENOBUFS', 'ENOMEM'] as const)(
    'says that a request was not sent for %s, and keeps no descriptor',
    (name) => {
      const { seen, pass } = linkOf({ sends: [-errno[name]] });
      pass(1);
      expect(seen).toEqual(['closed 101', `unsent launch ${name}`]);
    },
  );

  test('leaves it to reading to notice that the spawner is gone', () => {
    const { seen, ready, pass } = linkOf({ sends: [-errno.EPIPE], receives: [0] });
    pass(1);
    expect(seen).toEqual(['closed 101']);
    ready(READABLE);
    expect(seen).toEqual(['closed 101', 'gone']);
  });

  test('means the row of an outlet by the table that is in force when it is asked for', () => {
    const { link, packets } = linkOf({});
    const outlet: Request = { type: 'outlet', id: 300, row: 5 };
    link.send(outlet);
    link.commit({ services: [], rows: [] });
    link.send(outlet);
    const [before, , after] = packets.map((bytes) => {
      const view = new DataView(bytes.buffer);
      return {
        generation: view.getUint32(4, true),
        id: view.getUint32(8, true),
        row: view.getUint32(16, true),
      };
    });
    expect(before).toEqual({ generation: 0, id: 300, row: 5 });
    expect(after).toEqual({ generation: 1, id: 300, row: 5 });
  });

  test('calls a packet of another size than an event a failure', () => {
    const { ready } = linkOf({ receives: [EVENT_BYTES - 1] });
    expect(() => ready(READABLE)).toThrow(/EBADMSG/);
  });
});
