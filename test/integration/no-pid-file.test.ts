import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runZinetd } from '../cli/run-zinetd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const PLACES = ['/run', '/var/run', '/tmp', '/var/lib'];
const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...(isRoot ? { user: 'nobody' } : {}) };

/** The files right there that hold this number and nothing else. */
function filesWith(pid: number): readonly string[] {
  return PLACES.filter(existsSync).flatMap((place) =>
    readdirSync(place)
      .map((name) => join(place, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
      .filter((path) => statSync(path).size < 16 && readFileSync(path, 'utf8').trim() === String(pid)),
  );
}

describe('zinetd', () => {
  test('has the pid that its command was started with, and writes it nowhere (S113)', async () => {
    const zinetd = await startZinetd({ config: { services: { it } } });
    expect(filesWith(zinetd.pid)).toEqual([]);
  });

  test.each(['-pidfile', '--pidfile'])('knows no option that would write one: %s (S113)', (option) => {
    const path = join(scratch('pid'), 'pid');
    const ran = runZinetd(['run', option, path]);
    expect(ran.code).toBe(2);
    expect(existsSync(path)).toBe(false);
  });
});
