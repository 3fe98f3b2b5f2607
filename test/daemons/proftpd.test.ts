import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { account } from './account.ts';
import { machine } from './machine.ts';

const CONTENT = randomBytes(300_000);

/** An ftp server for accounts of the system that keeps nothing of its own. */
const SETTINGS = `
ServerType inetd
DefaultAddress 127.0.0.1
DefaultServer on
DefaultRoot ~
User nobody
Group nogroup
UseReverseDNS off
WtmpLog off
TransferLog none
SystemLog none
ScoreboardFile none
`;

describeInetd({ title: 'proftpd', programs: ['proftpd', 'curl'] }, (way) => {
  test('gives a file to curl over ftp and takes one (promise 2, promise 7)', async () => {
    const { name, password, uid, home, files } = account();
    writeFileSync(join(home, 'content'), CONTENT);
    const place = await machine({ ...files, '/etc/proftpd/inetd.conf': SETTINGS });
    const inetdConf =
      'ftp stream tcp nowait root /usr/sbin/proftpd proftpd --config /etc/proftpd/inetd.conf\n';
    const inetd = await startInetd({ way, inetdConf, place });
    const curl = [...place.enter, 'curl', '--silent', '--show-error', '--user', `${name}:${password}`];
    const copy = join(scratch('copy'), 'content');
    const got = await runProgram([...curl, '--output', copy, 'ftp://127.0.0.1/content']);
    expect(got).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(copy).equals(CONTENT)).toBe(true);
    await inetd.served('ftp');
    const put = await runProgram([...curl, '--upload-file', copy, 'ftp://[::1]/upload']);
    expect(put).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(home, 'upload')).equals(CONTENT)).toBe(true);
    await inetd.served('ftp');
    expect(await runProgram(['stat', '--format=%u', join(home, 'upload')])).toMatchObject({
      stdout: `${uid}\n`,
    });
  });
});
