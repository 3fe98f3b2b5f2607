import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import type { LayerFile } from '../harness/layer.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { machine } from './machine.ts';

/** Others can run what has an executable of its name there; the client sends the full name of a plain `cc`. */
function allowedCompilers(): Readonly<Record<string, LayerFile>> {
  const kind = execFileSync('cc', ['-dumpmachine'], { encoding: 'utf8' }).trim();
  const names = ['cc', 'gcc', `${kind}-gcc`];
  return Object.fromEntries(names.map((name) => [`/usr/lib/distcc/${name}`, { copyOf: '/bin/true' }]));
}

describeInetd({ title: 'distccd --inetd', programs: ['distccd', 'cc'] }, (way) => {
  test('compiles a file for distcc (promise 2, promise 7)', async () => {
    const work = scratch('distcc');
    writeFileSync(join(work, 'seven.c'), 'int main(void) { return 7; }\n');
    const place = await machine(allowedCompilers());
    const inetdConf =
      'distcc stream tcp nowait nobody /usr/bin/distccd distccd --inetd --allow 127.0.0.0/8 --log-file=/dev/null\n';
    const inetd = await startInetd({ way, inetdConf, place });
    const env = { DISTCC_HOSTS: '127.0.0.1', DISTCC_FALLBACK: '0', DISTCC_DIR: work };
    const object = join(work, 'seven.o');
    const command = [...place.enter, 'distcc', 'cc', '-c', join(work, 'seven.c'), '-o', object];
    expect(await runProgram(command, { env })).toEqual({ status: 0, stdout: '', stderr: '' });
    await inetd.served('distcc');
    execFileSync('cc', ['-o', join(work, 'seven'), object]);
    expect(await runProgram([join(work, 'seven')])).toMatchObject({ status: 7 });
  });
});
