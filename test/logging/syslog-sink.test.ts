import { describe, expect, onTestFinished, test } from 'vitest';
import type { LogDestination } from '../../src/model/log-policy.ts';
import { SinkAtHand } from './sink-at-hand.ts';

type Syslog = Extract<LogDestination, { readonly kind: 'syslog' }>;

function destination(changes: Partial<Syslog>): Syslog {
  return {
    ...{ kind: 'syslog', outlet: 0, transport: 'datagram', to: 'unix-dgram:///dev/log' },
    ...{ server: 'unix-dgram:///dev/log', isLocal: true, form: 'rfc3164' },
    ...{ facility: 3, severity: undefined, tag: 'zinetd', format: undefined },
    ...changes,
  };
}

function sinkOf(changes: Partial<Syslog> = {}, options: { queueLimitBytes?: number } = {}): SinkAtHand {
  const hand = new SinkAtHand(destination(changes), options);
  onTestFinished(() => hand.sink.close());
  return hand;
}

const UDP = { to: 'udp://192.0.2.1:514', isLocal: false } as const;
const TCP = { transport: 'stream', to: 'tcp://192.0.2.1:601', isLocal: false, form: 'rfc5424' } as const;

/** The numbers of the records in messages. */
function numbersOf(messages: readonly string[]): string {
  return messages.map((message) => message.slice(message.lastIndexOf(' ') + 1)).join(' ');
}

describe('a message of syslog', () => {
  test('is what syslog(3) would send to /dev/log: no host name, no line feed', () => {
    const it = sinkOf();
    it.opener.give(1);
    it.log('START: echo pid=7 from=192.0.2.7\n');
    expect(it.calls.sent[0]).toMatch(
      /^<30>Jan {2}\d \d\d:35:03 zinetd\[42\]: START: echo pid=7 from=192\.0\.2\.7$/,
    );
  });

  test('names the host where it goes to another one (RFC 3164)', () => {
    const it = sinkOf(UDP);
    it.opener.give(1);
    it.log('a\n');
    expect(it.calls.sent[0]).toMatch(/^<30>Jan {2}\d \d\d:35:03 here zinetd\[42\]: a$/);
  });

  test('has time, host, tag, pid and the type of the event in the header of RFC 5424', () => {
    const it = sinkOf({ ...UDP, form: 'rfc5424', facility: 23, tag: 'xinetd' });
    it.opener.give(1);
    it.log('a b\n', { level: 'error', type: 'failed' });
    expect(it.calls.sent).toEqual(['<187>1 2026-01-09T02:35:03.007Z here xinetd 42 failed - a b']);
  });

  test('has the level of its record, or for all records the one that is written', () => {
    const levels = ['error', 'warning', 'info'];
    const priorities = [undefined, 5].map((severity) => {
      const it = sinkOf({ severity });
      it.opener.give(1);
      for (const level of levels) it.log('a\n', { level });
      return it.calls.sent.map((message) => message.slice(0, message.indexOf('>') + 1));
    });
    expect(priorities).toEqual([
      ['<27>', '<28>', '<30>'],
      ['<29>', '<29>', '<29>'],
    ]);
  });

  test('is one for each line of a record', () => {
    const it = sinkOf();
    it.opener.give(1);
    it.log('FAIL: a\nWHY: a\n');
    expect(it.calls.sent.map((message) => message.slice(message.indexOf(': ') + 2))).toEqual([
      'FAIL: a',
      'WHY: a',
    ]);
  });
});

describe('a socket of datagrams', () => {
  test('whose receiver is full keeps messages, and drops none while there is room (S119)', () => {
    const it = sinkOf();
    it.opener.give(1);
    it.calls.sendFails = 'EAGAIN';
    it.logNumbers({ from: 0, to: 20 });
    it.world.pass(5000);
    it.calls.sendFails = undefined;
    it.world.pass(100);
    expect(numbersOf(it.calls.sent)).toBe(Array.from({ length: 20 }, (_, index) => index).join(' '));
    expect(it.told).toEqual([]);
  });

  test('whose receiver stays full costs a counted number of messages (S119)', () => {
    const it = sinkOf({}, { queueLimitBytes: 1000 });
    it.opener.give(1);
    it.calls.sendFails = 'EAGAIN';
    it.logNumbers({ from: 0, to: 100 });
    it.calls.sendFails = undefined;
    it.world.pass(100);
    const lost = 100 - (it.calls.sent.length - 1);
    expect(it.told).toEqual(['failed EAGAIN', `lost ${lost}`, `resumed ${lost}`]);
    expect(it.calls.sent.at(-1)).toContain(`lost ${lost}`);
  });

  test.each(['ECONNREFUSED', 'ENOTCONN', 'ECONNRESET'] as const)(
    'whose receiver was restarted (%s) is opened anew, and sends what was not sent',
    (code) => {
      const it = sinkOf();
      it.opener.give(1);
      it.log('0\n');
      it.calls.sendFails = code;
      it.logNumbers({ from: 1, to: 3 });
      it.world.pass(0);
      expect(it.opener.closed).toEqual([1]);
      it.opener.refuse('ENOENT');
      it.world.pass(100);
      it.calls.sendFails = undefined;
      it.opener.give(2);
      expect(numbersOf(it.calls.sent)).toBe('0 1 2');
      expect(it.told).toEqual([`failed ${code}`, 'resumed 0']);
    },
  );

  test('finds a receiver that comes back after an hour within two seconds', () => {
    const it = sinkOf();
    for (let second = 0; second < 3600; second += 1) {
      if (it.opener.asked > 0) it.opener.refuse('ENOENT');
      it.world.pass(1000);
    }
    it.log('0\n');
    expect(it.opener.asked).toBe(1);
    it.opener.give(1);
    expect(it.calls.sent).toHaveLength(1);
    expect(it.told).toEqual(['failed ENOENT', 'resumed 0']);
  });

  test('counts a message that is too large for any datagram, and goes on', () => {
    const it = sinkOf();
    it.opener.give(1);
    it.calls.mostBytes = 100;
    it.log(`${'0'.repeat(100)}\n`);
    it.log('1\n');
    expect(numbersOf(it.calls.sent)).toBe('1 1');
    expect(it.told).toEqual(['failed EMSGSIZE', 'lost 1', 'resumed 1']);
  });
});

describe('a socket of UDP', () => {
  test('that nobody listens at any more keeps messages until somebody does', () => {
    const it = sinkOf(UDP);
    it.opener.give(1);
    it.log('0\n');
    it.calls.peekFails = 'ECONNREFUSED';
    it.logNumbers({ from: 1, to: 4 });
    for (let times = 0; times < 3; times++) {
      it.calls.peekFails = 'ECONNREFUSED';
      it.world.pass(100);
    }
    expect(numbersOf(it.calls.sent)).toBe('0 1 1 1 1');
    it.world.pass(200);
    expect(numbersOf(it.calls.sent)).toBe('0 1 1 1 1 2 3');
    expect(it.told).toEqual(['failed ECONNREFUSED', 'resumed 0']);
  });
});

describe('a connection of TCP', () => {
  test('frames messages by their length, for many in one write (RFC 6587)', () => {
    const it = sinkOf(TCP);
    it.logNumbers({ from: 0, to: 2 });
    it.opener.give(1);
    const message = '<30>1 2026-01-09T02:35:03.007Z here zinetd 42 ready - ';
    expect(it.calls.sent).toEqual([`55 ${message}055 ${message}1`]);
  });

  test('that broke in the middle of a message begins that message again on the next one', () => {
    const it = sinkOf(TCP);
    it.opener.give(1);
    it.calls.roomBytes = 80;
    it.logNumbers({ from: 0, to: 3 });
    it.calls.sendFails = 'EPIPE';
    it.world.pass(100);
    it.calls.sendFails = undefined;
    it.calls.roomBytes = Number.POSITIVE_INFINITY;
    it.opener.give(2);
    expect(it.calls.sent.slice(0, -1).join('')).toHaveLength(80);
    expect(it.calls.sent.at(-1)).toMatch(/^55 .* - 155 .* - 2$/);
    expect(it.told).toEqual(['failed EPIPE', 'resumed 0']);
  });

  test('that the server ended is not written to again', () => {
    const it = sinkOf(TCP);
    it.opener.give(1);
    it.log('0\n');
    it.calls.isEnd = true;
    it.log('1\n');
    it.world.pass(0);
    it.calls.isEnd = false;
    it.opener.give(2);
    expect(it.calls.sent).toHaveLength(2);
    expect(it.opener.closed).toEqual([1]);
  });

  test('that does not come about within five seconds is given up for another one', () => {
    const it = sinkOf(TCP);
    it.calls.isWritable = false;
    it.opener.give(1);
    it.log('0\n');
    it.world.pass(4900);
    expect(it.opener.closed).toEqual([]);
    it.world.pass(200);
    expect(it.opener.closed).toEqual([1]);
    it.calls.isWritable = true;
    it.opener.give(2);
    expect(it.told).toEqual(['failed ETIMEDOUT', 'resumed 0']);
    expect(it.calls.sent).toHaveLength(1);
  });

  test('that stalls keeps messages, and never more than its queue (S119)', () => {
    const it = sinkOf(TCP, { queueLimitBytes: 1000 });
    it.opener.give(1);
    it.log('0\n');
    it.calls.roomBytes = 0;
    it.logNumbers({ from: 1, to: 1001 });
    expect(it.sink.waitingBytes).toBeLessThanOrEqual(1000);
    it.calls.roomBytes = Number.POSITIVE_INFINITY;
    it.world.pass(100);
    expect(it.told).toHaveLength(3);
    expect(it.opener.closed).toEqual([]);
  });
});
