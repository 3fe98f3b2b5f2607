import { chmodSync, copyFileSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};

describe('a program that was replaced after the start', () => {
  test('is told of once, and still runs (S127)', async () => {
    const directory = mkdtempSync(join(inject('testHome'), 'program-'));
    chmodSync(directory, 0o755);
    const server = join(directory, 'cat');
    copyFileSync('/bin/cat', server);
    const services = { echo: { listen: 'tcp://127.0.0.1:0', server, cwd: '/', ...user } };
    const zinetd = await startZinetd({ config: { services } });
    expect(await ask(zinetd.port('echo'), 'before')).toBe('before');
    copyFileSync('/bin/cat', `${server}.new`);
    renameSync(`${server}.new`, server);
    expect(await ask(zinetd.port('echo'), 'after')).toBe('after');
    expect(await ask(zinetd.port('echo'), 'again')).toBe('again');
    await zinetd.stop();
    expect(zinetd.log.all.filter(({ event }) => event === 'program-replaced').length).toBe(1);
  });
});
