import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import { runProgram } from '../harness/run-program.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { account } from './account.ts';
import { machine } from './machine.ts';

const LETTER = 'Subject: Greetings\n\nA letter\n';
const MAILBOX = `From somebody@localhost Mon Jan  1 00:00:00 2024\n${LETTER}\n`;

describeInetd({ title: 'popa3d', programs: ['popa3d', 'curl'] }, (way) => {
  test('gives a letter to curl over pop3 (promise 2, promise 7)', async () => {
    const { name, password, uid, files } = account(['popa3d']);
    const mailbox = `/var/mail/${name}`;
    const place = await machine({ ...files, [mailbox]: MAILBOX });
    // A popa3d that cannot write to the mailbox does not serve it.
    const give = `chown ${uid}:mail ${mailbox} && chmod 660 ${mailbox}`;
    expect(await runProgram([...place.enter, 'sh', '-c', give])).toMatchObject({ status: 0 });
    const inetdConf = 'pop3 stream tcp nowait root /usr/sbin/popa3d popa3d\n';
    const inetd = await startInetd({ way, inetdConf, place });
    const curl = [...place.enter, 'curl', '--silent', '--show-error', '--user', `${name}:${password}`];
    const list = await runProgram([...curl, 'pop3://127.0.0.1/']);
    expect(list).toEqual({ status: 0, stdout: `1 ${LETTER.length + 3}\r\n`, stderr: '' });
    await inetd.served('pop3');
    const letter = await runProgram([...curl, 'pop3://127.0.0.1/1']);
    expect(letter).toEqual({ status: 0, stdout: LETTER.replaceAll('\n', '\r\n'), stderr: '' });
    await inetd.served('pop3');
    const stranger = await runProgram([...curl, '--user', `${name}:wrong`, 'pop3://127.0.0.1/1']);
    expect(stranger.stderr).toContain('Access denied');
    await inetd.served('pop3');
  });
});
