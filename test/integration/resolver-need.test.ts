import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

/** One service in a file of its own, whose access list the test writes anew. */
function serviceFile(): { readonly path: string; readonly write: (onlyFrom: readonly string[]) => void } {
  const path = join(scratch('included'), 'echo.yaml');
  const user = isRoot ? { user: 'nobody' } : {};
  return {
    path,
    write: (onlyFrom) => {
      const echo = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user, only_from: onlyFrom };
      writeFileSync(path, JSON.stringify({ services: { echo } }));
    },
  };
}

function hasResolver(zinetd: Zinetd): boolean {
  return childrenOf(zinetd.pid).some((pid) => commandLineOf(pid).includes('--resolver'));
}

async function reload(zinetd: Zinetd): Promise<void> {
  zinetd.signal('SIGHUP');
  await zinetd.event('reloaded');
}

test('a resolver comes and goes with the rules that need names, and none of that is told as a crash (promise 8)', async () => {
  const file = serviceFile();
  file.write(['.example.org', '127.0.0.0/8']);
  const zinetd = await startZinetd({ config: { include: [file.path] } });
  await until(() => hasResolver(zinetd), { what: 'the resolver runs' });
  file.write(['127.0.0.0/8']);
  await reload(zinetd);
  await until(() => !hasResolver(zinetd), { what: 'the resolver is gone' });
  file.write(['.example.org', '127.0.0.0/8']);
  await reload(zinetd);
  await until(() => hasResolver(zinetd), { what: 'another resolver runs' });
  // The dispatcher has heard of it once it has heard of what came later.
  await reload(zinetd);
  expect(await ask(zinetd.port('echo'), 'hello')).toBe('hello');
  expect(zinetd.log.count('resolver-restarted')).toBe(0);
});
