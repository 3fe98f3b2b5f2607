import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};

/** As an editor does it: the file is never half there. */
function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

test('a handler has what "env_file" says, from a file that it could not read itself, and a change counts at once', async () => {
  const path = join(scratch('secrets'), 'env');
  write(path, '# of the database\nSECRET="hunter 2"\nLANG=C\n');
  const it = {
    ...{ ...user, listen: 'tcp://127.0.0.1:0', server: '/usr/bin/env', env_file: path },
    env: { LANG: 'C.UTF-8' },
  };
  const zinetd = await startZinetd({ config: { services: { it } } });
  expect(await ask(zinetd.port('it'))).toBe('LANG=C.UTF-8\nSECRET=hunter 2\n');
  write(path, 'SECRET=changed\n');
  await zinetd.event('reloaded');
  expect(await ask(zinetd.port('it'))).toBe('LANG=C.UTF-8\nSECRET=changed\n');
  write(path, 'SECRET="hunter3\n');
  const { place, text } = await zinetd.event('diagnostic');
  expect([place, text]).toEqual([
    expect.stringContaining(`${path}:1:8`),
    expect.not.stringContaining('hunter'),
  ]);
  await zinetd.event('reload-failed');
  expect(await ask(zinetd.port('it'))).toContain('SECRET=changed\n');
  expect(JSON.stringify(zinetd.log.all)).not.toContain('hunter');
});
