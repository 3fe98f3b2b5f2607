import { constants } from 'node:os';
import type { Decision } from '../../src/model/decision.ts';
import type { HostName } from '../../src/model/host-name.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { ResolverClient } from '../../src/resolver/client.ts';
import { FakePoller, fakeBinding } from '../listeners/fake-binding.ts';

const EAGAIN = -constants.errno.EAGAIN;
export const CHANNEL_FD = 7;
const subject = { service: 'ftp', address: '192.0.2.1', port: 9, local: '192.0.2.9:21' };

export interface Sent {
  readonly id: number;
  readonly kind: string;
  readonly deadlineMs: number;
}

/** A client whose resolver, clock and timers the test plays. */
export function clientOf(options: { readonly sendResults?: number[] } = {}) {
  const fake = new FakePoller();
  const sent: Sent[] = [];
  const closed: number[] = [];
  const timers: { callback: () => void; isOff: boolean }[] = [];
  let incoming: (Uint8Array | 'gone')[] = [];
  let nowMs = 1000;
  const binding = fakeBinding({
    send: (_fd, bytes) => {
      const result = options.sendResults?.shift() ?? bytes.length;
      if (result > 0) sent.push(JSON.parse(new TextDecoder().decode(bytes)) as Sent);
      return result;
    },
    receive: (_fd, bytes, passed) => {
      passed[0] = -1;
      const packet = incoming.shift();
      if (packet === undefined) return EAGAIN;
      if (packet === 'gone') return 0;
      bytes.set(packet);
      return packet.length;
    },
    close: (fd) => closed.push(fd) * 0,
  });
  const client = new ResolverClient({
    binding,
    poller: fake.poller,
    now: () => nowMs,
    after: (_, callback) => {
      const timer = { callback, isOff: false };
      timers.push(timer);
      return () => {
        timer.isOff = true;
      };
    },
  });
  const receive = (...packets: (Uint8Array | 'gone')[]) => {
    incoming = packets;
    fake.ready(fake.token(CHANNEL_FD));
  };
  const say = (message: object) =>
    receive(new TextEncoder().encode(JSON.stringify({ version: 1, ...message })));
  return {
    ...{ client, sent, closed, timers, receive, say, fake },
    attach: () => client.attach(new Descriptor(binding, CHANNEL_FD)),
    pass: (ms: number) => {
      nowMs += ms;
    },
    name: (last: number, source: string | number = last) => {
      const answers: HostName[] = [];
      client.lookup({ address: Uint8Array.from([192, 0, 2, last]), source }, (it) => answers.push(it));
      return answers;
    },
    decision: (source: string | number, path = '/run/decider') => {
      const answers: Decision[] = [];
      client.decide({ path, subject, source }, (it) => answers.push(it));
      return answers;
    },
    expire: () => {
      for (const timer of timers.splice(0)) if (!timer.isOff) timer.callback();
    },
  };
}
