import {
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const echo = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user };

function start(path: string, options: { readonly expectFailure?: boolean } = {}): Promise<Zinetd> {
  return startZinetd({
    config: { services: { echo } },
    args: ['--pid-file', path],
    umask: '077',
    ...options,
  });
}

/** What is said by one that must not start. */
async function refusal(path: string): Promise<string> {
  const zinetd = await start(path, { expectFailure: true });
  expect(await zinetd.ended).toBe(2);
  return zinetd.stderr;
}

describe('--pid-file (S113)', () => {
  test('has the pid while zinetd runs, readable by everybody, and is taken away in the end', async () => {
    const path = join(scratch('pid'), 'pid');
    const zinetd = await start(path);
    expect(readFileSync(path, 'utf8')).toBe(`${zinetd.pid}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(await refusal(path)).toContain(`zinetd already runs, with pid ${zinetd.pid}`);
    await zinetd.stop();
    expect(existsSync(path)).toBe(false);
  });

  test('replaces one that was left behind, and leaves what is not its own', async () => {
    const path = join(scratch('pid'), 'pid');
    writeFileSync(path, '1\n');
    const zinetd = await start(path);
    expect(readFileSync(path, 'utf8')).toBe(`${zinetd.pid}\n`);
    writeFileSync(`${path}.other`, '2\n');
    renameSync(`${path}.other`, path);
    await zinetd.stop();
    expect(readFileSync(path, 'utf8')).toBe('2\n');
  });

  test('follows no link, and is in no directory that others can change', async () => {
    const directory = scratch('pid');
    const victim = join(directory, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(directory, 'pid'));
    expect(await refusal(join(directory, 'pid'))).toContain('ELOOP');
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    const open = join(scratch('pid'));
    chmodSync(open, 0o777);
    expect(await refusal(join(open, 'pid'))).toContain('writable by everybody');
  });
});
