import { test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import type { Place } from '../harness/open-place.ts';
import { runProgram } from '../harness/run-program.ts';
import { type Dialogue, startDialogue } from '../harness/start-dialogue.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { account } from './account.ts';
import { machine } from './machine.ts';

const INETD_CONF = `
talk  dgram udp wait nobody.tty /usr/sbin/in.talkd  in.talkd
ntalk dgram udp wait nobody.tty /usr/sbin/in.ntalkd in.ntalkd
`;

interface Terminal {
  readonly dialogue: Dialogue;
  readonly user: string;
  /** Without the `/dev/`. */
  readonly tty: string;
}

/** A shell of that user on a terminal that others may write to. */
async function openTerminal(place: Place, user: string): Promise<Terminal> {
  const shell = `chown ${user} $(tty); chmod 622 $(tty); tty; exec setpriv --reuid=${user} --clear-groups sh`;
  const dialogue = startDialogue([...place.enter, 'script', '--quiet', '--flush', '-c', shell, '/dev/null']);
  const [, tty = ''] = await dialogue.hear(/^\/dev\/(pts\/\d+)/);
  await dialogue.hear(/[#$] /);
  return { dialogue, user, tty };
}

/** One that is logged in, for utmpdump(1). */
function recordOf({ user, tty }: Terminal): string {
  const id = tty.slice('pts/'.length).padEnd(4);
  const fields = ['7', '00001', id, user.padEnd(8), tty.padEnd(12), ' '.repeat(20), '0.0.0.0'.padEnd(15)];
  return [...fields, '2024-01-01T00:00:00,000000+00:00'].map((field) => `[${field}]`).join(' ');
}

/** talkd looks for those whom somebody wants to talk to in utmp(5). */
async function logIn(place: Place, terminals: readonly Terminal[]): Promise<void> {
  const input = terminals.map((terminal) => `${recordOf(terminal)}\n`).join('');
  await runProgram([...place.enter, 'sh', '-c', 'utmpdump --reverse >/run/utmp'], { input });
}

/** A text on a screen, where anything that moves the cursor may be in between. */
function onScreen(text: string): RegExp {
  return new RegExp([...text].join('(?:\\x1b[[0-9;?]*[A-Za-z]|[\\r\\n\\x08])*'));
}

describeInetd({ title: 'talkd', programs: ['in.ntalkd', 'netkit-ntalk', 'script', 'utmpdump'] }, (way) => {
  test('brings two who talk together (promise 2, promise 7)', async () => {
    const { name, files } = account();
    const place = await machine(files);
    const inetd = await startInetd({ way, inetdConf: INETD_CONF, place });
    const caller = await openTerminal(place, 'root');
    const called = await openTerminal(place, name);
    await logIn(place, [caller, called]);
    caller.dialogue.say(`netkit-ntalk ${name}@localhost\n`);
    await called.dialogue.hear(/respond with: +talk root@127\.0\.0\.1/);
    // Only now does talkd know of the invitation, too; an answer before that would be a call of its own.
    await caller.dialogue.hear(/Waiting for your party to respond/);
    called.dialogue.say('netkit-ntalk root@localhost\n');
    for (const { dialogue } of [caller, called]) await dialogue.hear(/Connection established/);
    caller.dialogue.say('Are you there?\n');
    await called.dialogue.hear(onScreen('Are you there?'));
    called.dialogue.say('Here I am\n');
    await caller.dialogue.hear(onScreen('Here I am'));
    called.dialogue.say('\x03');
    await caller.dialogue.hear(/Connection closed/);
    await inetd.endHandler('ntalk');
  });
});
