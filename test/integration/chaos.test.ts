import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { copyInstall } from '../harness/open-install.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
const services = {
  held: { listen, server: handler('echo'), ...user },
  raw: { listen, server: handler('raw'), ...user },
  own: { listen, builtin: 'echo' },
};

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after, `nothing to change in ${path}`).not.toBe(before);
  writeFileSync(path, after);
}

/** Where the build has put something of the program; the library for handlers is none of it. */
function partWith(install: string, text: string): string {
  const parts = join(install, 'dist/parts');
  const names = readdirSync(parts).filter((it) => it !== 'handler.js');
  const name = names.find((it) => readFileSync(join(parts, it), 'utf8').includes(text));
  return join(parts, name ?? 'none');
}

/** zinetd with a hole in it: as long as there is such a file, what is called for a descriptor, or for a timer, goes wrong. */
function chaoticInstall(): { readonly install: string; readonly flag: (kind: string) => string } {
  const directory = scratch('chaos');
  const install = join(directory, 'install');
  copyInstall(install);
  const flag = (kind: string): string => join(directory, kind);
  const look = (kind: string) => `existsSync(${JSON.stringify(flag(kind))})`;
  const chaos = [
    `import { existsSync } from 'node:fs';`,
    `const fail = (kind) => { throw new Error(\`chaos in a \${kind}\`); };`,
    `const chaos = (kind) => { if (kind === 'timer' ? ${look('timer')} : ${look('watcher')}) fail(kind);`,
    `  if (kind === 'watcher' && ${look('promise')}) void Promise.reject(new Error('chaos in a promise')); };`,
  ].join('\n');
  edit(partWith(install, 'this.#watchers.get(token)?.('), (text) => {
    return `${chaos}\n${text.replace('this.#watchers.get(token)?.(', "chaos('watcher'); $&")}`;
  });
  edit(join(install, 'dist/parts/dispatcher-main.js'), (text) => {
    const called = text.replace('setTimeout(callback,', "setTimeout(() => { chaos('timer'); callback(); },");
    return called === text ? text : `${chaos}\n${called}`;
  });
  return { install, flag };
}

async function held(zinetd: Zinetd, service: string): Promise<Client> {
  const client = await connect(zinetd.port(service));
  client.send('before ');
  await client.readUntil('before ');
  return client;
}

describe('an exception that nobody expected', { timeout: 60_000 }, () => {
  test('wherever it is thrown is a record, costs connections without a handler, and nothing else (S135)', async () => {
    const { install, flag } = chaoticInstall();
    const zinetd = await startZinetd({ config: { services }, install, lossy: true });
    const client = await held(zinetd, 'held');
    for (const kind of ['watcher', 'promise', 'timer']) {
      // A built-in has a timer of its own, and no handler.
      const own = await held(zinetd, 'own');
      const before = zinetd.dispatcherPid;
      writeFileSync(flag(kind), '');
      own.send('more');
      const waiting = visit(zinetd.port('raw'));
      expect(await zinetd.event('dispatcher-crashed')).toMatchObject({
        ...{ level: 'error', error: `Error: chaos in a ${kind}` },
        at: expect.stringMatching(/^dist\/\S+:\d+:\d+$/),
      });
      rmSync(flag(kind));
      await until(() => zinetd.dispatcherPid !== undefined && zinetd.dispatcherPid !== before, {
        what: 'there is another',
      });
      await zinetd.event('ready');
      await own.ended();
      await waiting;
      expect(await visit(zinetd.port('raw'))).toMatchObject({ code: undefined, received: 'ok\n' });
    }
    expect(zinetd.stderr).not.toContain('chaos');
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  });
});
