import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import type { Place } from '../harness/open-place.ts';
import { runProgram } from '../harness/run-program.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { machine } from './machine.ts';

/** Port 113 in the table of the sockets of its network. */
function isListening({ pid }: Place): boolean {
  const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8'));
  return tables.some((table) => /:0071 0+:0000 0A/.test(table));
}

describeWith('oidentd', { needs: ['root', { program: 'oidentd' }] }, () => {
  test('says whose the connections of its machine are, and the record has it (S94)', async () => {
    const place = await machine();
    const [program = '', ...args] = [
      ...place.enter,
      'oidentd',
      '--foreground',
      '--user=root',
      '--group=root',
    ];
    const oidentd = spawn(program, args, { stdio: 'ignore' });
    onTestFinished(() => void oidentd.kill());
    const service = { listen: 'tcp://127.0.0.5:7000', server: handler('raw'), user: 'nobody' };
    const config = {
      services: { it: { ...service, log_on_success: ['pid', 'host', 'userid', 'exit'], id_only: true } },
    };
    const zinetd = await startZinetd({ config, prefix: place.enter });
    await until(() => isListening(place), { what: 'oidentd listens' });
    const visit = ['python3', resolve('test/fixtures/ident/visit.py'), '127.0.0.1', '127.0.0.5', '7000'];
    const said = await runProgram([...place.enter, 'setpriv', '--reuid=games', '--clear-groups', ...visit]);
    expect(said.stdout).toMatch(/ok$/m);
    expect(await zinetd.event('identified')).toMatchObject({ system: 'UNIX', user: 'games' });
  });
});
