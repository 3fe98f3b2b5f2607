import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import { handler } from '../harness/handler.ts';
import type { Place } from '../harness/open-place.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { machine } from './machine.ts';

const EXAMPLE = 'examples/errlogd';
const SENDERS = ['ape', 'bee', 'cat', 'dog', 'elk'];
const EACH = 20;

function messagesOf(sender: string): readonly string[] {
  return Array.from({ length: EACH }, (_, index) => `${sender}: message ${index}`);
}

/** One program that sends all of its messages, a datagram each, as fast as it can. */
async function sendAll(place: Place, sender: string): Promise<void> {
  const loop = 'while read -r message; do echo "$message" >/dev/udp/127.0.0.1/9999; done';
  const input = messagesOf(sender)
    .map((message) => `${message}\n`)
    .join('');
  expect(await runProgram([...place.enter, 'bash', '-c', loop], { input })).toMatchObject({ status: 0 });
}

async function logged(place: Place): Promise<readonly string[]> {
  const { stdout } = await runProgram([...place.enter, 'cat', '/tmp/logfile.txt']);
  return stdout.split('\n').slice(0, -1);
}

describeInetd({ title: 'errlogd of the examples', programs: ['errlogd', 'bash', 'nc'] }, (way) => {
  test('collects the messages of several senders in one file, and goes on later (promise 2, promise 7)', async () => {
    const files = {
      '/etc/services': readFileSync(`${EXAMPLE}/services`, 'utf8'),
      '/usr/local/bin/errlogd': { copyOf: handler('errlogd') },
    };
    const place = await machine(files, { ownTmp: true });
    const inetdConf = readFileSync(`${EXAMPLE}/inetd.conf`, 'utf8');
    const inetd = await startInetd({ way, inetdConf, place });
    await Promise.all(SENDERS.map((sender) => sendAll(place, sender)));
    await inetd.served('errorLogger');
    const lines = await logged(place);
    expect(lines).toHaveLength(SENDERS.length * EACH);
    for (const sender of SENDERS) {
      expect(lines.filter((line) => line.startsWith(sender))).toEqual(messagesOf(sender));
    }
    const nc = ['nc', '-u', '-q', '0', '127.0.0.1', '9999'];
    await runProgram([...place.enter, ...nc], { input: 'a bell \x07\nand a second line\n' });
    await inetd.served('errorLogger');
    expect(await logged(place)).toEqual([...lines, 'a bell \\x07\\x0aand a second line']);
  });
});

test('errlogd tells by its exit status why it does not serve', async () => {
  const taken = join(scratch('errlogd'), 'link');
  symlinkSync('/dev/null', taken);
  // A socket of datagrams on descriptor 0; that of a stream is what this suite gives a program by itself.
  const withDatagrams = ['bash', '-c', 'exec "$@" </dev/udp/127.0.0.1/9', 'bash'];
  const statusOf = async (argv: readonly string[]) => (await runProgram(argv)).status;
  expect(await statusOf([...withDatagrams, handler('errlogd')])).toBe(64);
  expect(await statusOf([handler('errlogd'), '/dev/null'])).toBe(64);
  expect(await statusOf([...withDatagrams, handler('errlogd'), taken])).toBe(73);
});
