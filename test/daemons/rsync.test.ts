import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { expectServed } from './expect-served.ts';
import { ROLES } from './roles.ts';

/** What rsync exits with once it has listed its modules. */
const AFTER_LISTING = 255;

const CONTENT = randomBytes(300_000);

function writeSettings(directory: string): string {
  const path = join(directory, 'rsyncd.conf');
  writeFileSync(
    path,
    `use chroot = no\n[files]\n  path = ${directory}\n  comment = Some files\n  read only = yes\n`,
  );
  writeFileSync(join(directory, 'content'), CONTENT);
  return path;
}

for (const role of ROLES) {
  describeWith(`rsync --daemon, ${role.title}`, { needs: [...role.needs, { program: 'rsync' }] }, () => {
    test('lists its modules and gives a file to rsync (promise 2, promise 7)', async () => {
      const settings = writeSettings(scratch('rsync'));
      const client = program('rsync') ?? '';
      const rsync = {
        ...{ listen: 'tcp://127.0.0.1:0', ...role.userOf('nobody') },
        ...{ server: client, server_args: ['--daemon', `--config=${settings}`] },
      };
      const zinetd = await startZinetd({ as: role.as, config: { services: { rsync } } });
      const url = `rsync://127.0.0.1:${zinetd.port('rsync')}/`;
      const listing = await runProgram([client, url]);
      expect(listing).toMatchObject({ status: 0, stdout: expect.stringMatching(/^files\s+Some files$/m) });
      await expectServed(zinetd, 'rsync', AFTER_LISTING);
      const copy = join(scratch('copy'), 'content');
      expect(await runProgram([client, `${url}files/content`, copy])).toMatchObject({
        status: 0,
        stderr: '',
      });
      expect(readFileSync(copy).equals(CONTENT)).toBe(true);
      await expectServed(zinetd, 'rsync');
    });
  });
}
