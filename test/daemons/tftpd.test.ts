import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { machine } from './machine.ts';

/** More than a hundred packets. */
const CONTENT = randomBytes(60_000);

describeInetd({ title: 'tftpd-hpa', programs: ['in.tftpd', 'tftp'] }, (way) => {
  test('gives a file to tftp, and again after it has gone idle (promise 2, promise 7)', async () => {
    const files = scratch('tftp');
    writeFileSync(join(files, 'image'), CONTENT);
    const place = await machine();
    // It waits for a second for another request, and then ends.
    const inetdConf = `tftp dgram udp wait root /usr/sbin/in.tftpd in.tftpd -t 1 -s ${files}\n`;
    const inetd = await startInetd({ way, inetdConf, place });
    for (const address of ['127.0.0.1', '::1']) {
      const copy = join(scratch('copy'), 'image');
      const get = ['tftp', '-m', 'binary', address, '-c', 'get', 'image', copy];
      expect(await runProgram([...place.enter, ...get])).toMatchObject({ status: 0, stderr: '' });
      expect(readFileSync(copy).equals(CONTENT)).toBe(true);
      await inetd.served('tftp');
    }
  });
});
