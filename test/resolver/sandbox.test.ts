import { copyFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { resolverRules } from '../../src/cli/access-rules.ts';
import type { ResolverBoot } from '../../src/compile/boot.ts';
import { machineArchitecture } from '../../src/compile/seccomp/machine-architecture.ts';
import { resolverFilter } from '../../src/compile/seccomp/resolver-filter.ts';
import type { Endpoint } from '../../src/model/address.ts';
import { configOf, plain } from '../compile/example.ts';
import { describeWith } from '../harness/describe-with.ts';
import { scratch } from '../harness/scratch.ts';
import { runSpawner, type SpawnerRun } from '../native/run-spawner.ts';

const FIXTURES = resolve('test/resolver/fixtures');
const PYTHON = realpathSync('/usr/bin/python3');
const START = 'event 4';

const listeners = plain.listeners.map((it) => ({ ...it, address: { ...(it.address as Endpoint), port: 0 } }));

function start(options: { readonly resolver: ResolverBoot; readonly needsResolver: boolean }): SpawnerRun {
  const run = runSpawner({
    config: configOf([{ ...plain, listeners }], { needsResolver: options.needsResolver }),
    dispatcher: [PYTHON, resolve(FIXTURES, 'relaying-dispatcher.py')],
    resolver: options.resolver,
  });
  onTestFinished(async () => {
    run.process.kill('SIGTERM');
    await run.exited;
  });
  return run;
}

/** From a directory that the resolver's uid can enter, wherever the checkout is. */
function python(program: string): ResolverBoot {
  const directory = scratch('bad-resolver');
  copyFileSync(resolve(FIXTURES, program), resolve(directory, program));
  return {
    uid: 61185,
    command: { path: PYTHON, argv: ['python3', resolve(directory, program)], env: [] },
    rules: [...resolverRules(), { path: PYTHON, access: 'execute' }, { path: directory, access: 'read' }],
    filter: resolverFilter(machineArchitecture()),
  };
}

const EXPECTED = {
  'read /etc/hosts': 'done',
  'list /etc': 'done',
  'connect with udp': 'done',
  'connect with tcp': 'ECONNREFUSED',
  'connect with tcp over ipv6': expect.stringMatching(/ECONNREFUSED|EADDRNOTAVAIL/),
  'connect locally': 'ENOENT',
  'ask the kernel': 'done',
  'listen with tcp': 'EPERM',
  'listen without bind': 'EPERM',
  'listen locally': 'EPERM',
  'packet socket': 'EPERM',
  'vsock socket': 'EPERM',
  'alg socket': 'EPERM',
  'socket pair': 'EPERM',
  'write /dev/null': 'EPERM',
  'create a file': 'EPERM',
  'truncate a file': 'EPERM',
  'make a directory': 'EPERM',
  'remove a file': 'EPERM',
  'clear O_APPEND of the standard error': 'EPERM',
  'read /etc/shadow': 'EACCES',
  'read /var/log': 'EACCES',
  'read the spawner': 'EACCES',
  'signal the spawner': 'EPERM',
  'trace the spawner': 'EPERM',
  fork: 'EPERM',
  execute: 'EACCES',
  'become root': 'EPERM',
  unshare: 'EPERM',
};

describeWith('a resolver gone bad', { needs: ['root'] }, () => {
  test('can look up names and do nothing else (S37)', async () => {
    const run = start({ resolver: python('bad-resolver.py'), needsResolver: true });
    for await (const line of run.lines) {
      if (!line.startsWith('{')) continue;
      expect(JSON.parse(line)).toEqual(EXPECTED);
      break;
    }
  });

  test('that cannot be started is tried again, ever later, and stops neither serving nor stopping (B5)', async () => {
    const command = { path: '/nonexistent/node', argv: ['node'], env: [] };
    const run = start({ resolver: { ...python('bad-resolver.py'), command }, needsResolver: true });
    const begun = performance.now();
    let gone = 0;
    let isServing = false;
    for await (const line of run.lines) {
      isServing ||= line === START;
      if (line === 'gone') gone++;
      if (gone === 5) break;
    }
    // At once, then after 50, 100, 200 ms.
    expect(performance.now() - begun).toBeGreaterThan(350);
    expect(isServing).toBe(true);
    run.process.kill('SIGTERM');
    expect(await run.exited).toBe(0);
  });

  test('is not started where nothing needs it', async () => {
    const run = start({ resolver: python('bad-resolver.py'), needsResolver: false });
    const lines: string[] = [];
    for await (const line of run.lines) {
      lines.push(line);
      if (line === START) run.process.kill('SIGTERM');
    }
    expect(lines.filter((line) => !line.startsWith('event'))).toEqual([]);
    expect(await run.exited).toBe(0);
  });
});
