import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import { program } from '../harness/program.ts';
import { startDialogue } from '../harness/start-dialogue.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { account } from './account.ts';
import { machine } from './machine.ts';

/**
 * The line is that of a manual, whose `-a` stands alone. The one of GNU wants a word behind it, and so gets to see
 * no `-a`.
 */
const LINE = 'telnet stream tcp6 nowait root /usr/sbin/telnetd telnetd -a\n';
const TELNETD = '#!/bin/sh\n[ "$*" = -a ] && exec /usr/sbin/in.telnetd\n';

/** Which one depends on what it notices first: that the shell has ended, or that the terminal has. */
const AFTER_LOGOUT = [0, 1];

describeInetd({ title: 'telnetd', programs: ['telnetd', 'telnet'] }, (way) => {
  test('logs telnet in, from the line of the manual (promise 2, promise 7)', async () => {
    const { name, password, uid, files } = account();
    const place = await machine({
      ...files,
      '/etc/services': 'telnet 23/tcp\n',
      '/usr/sbin/telnetd': { script: TELNETD },
      '/usr/sbin/in.telnetd': { copyOf: program('telnetd') ?? '' },
    });
    const inetd = await startInetd({ way, inetdConf: LINE, place });
    const telnet = startDialogue([...place.enter, 'telnet', '::1']);
    await telnet.hear(/login: /);
    telnet.say(`${name}\n`);
    await telnet.hear(/Password: /);
    telnet.say(`${password}\n`);
    await telnet.hear(/\$ /);
    telnet.say('echo "I am $(id --user) at $(tty)"; exit\n');
    const [, user] = await telnet.hear(/I am (\d+) at \/dev\/pts\/\d+\r/);
    expect(user).toBe(String(uid));
    await telnet.hear(/Connection closed by foreign host/);
    await inetd.served('telnet', AFTER_LOGOUT);
  });
});
