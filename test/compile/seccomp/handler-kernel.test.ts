import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlerFilter } from '../../../src/compile/seccomp/handler-filter.ts';
import { loadService } from '../../config/load-text.ts';
import {
  callTexts,
  errorsByCall,
  expectedErrors,
  KNOWN_PROBES,
  PROFILE_NAMES,
  PROFILES,
} from '../../fixtures/system-call-probes.ts';
import { findProgram } from '../../harness/find-program.ts';
import { handler } from '../../harness/handler.ts';

const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x64';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'zinetd-handler-filter-'));
  const source = fileURLToPath(new URL('launcher.c', import.meta.url));
  execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-O1', '-o', join(directory, 'launcher'), source]);
});

afterAll(() => rmSync(directory, { recursive: true }));

/** Of a service with these attributes, as the spawner's child would install it. */
function filterFile(name: string, attributes: Readonly<Record<string, unknown>>): string {
  const filter = loadService(attributes).programs[0]?.sandbox?.filter;
  if (!filter) throw new Error('There is no filter');
  const path = join(directory, `filter-${name}`);
  writeFileSync(path, handlerFilter(filter, ARCHITECTURE));
  return path;
}

function under(filter: string, command: readonly string[]): readonly [string, ...string[]] {
  return [join(directory, 'launcher'), filter, 'pass', ...command];
}

/** The errno of each probe, 0 for none; without a filter, what it would have been. */
function probe(filter?: string): string {
  const command = [handler('system-calls'), ...callTexts(KNOWN_PROBES)];
  const [program = '', ...rest] = filter === undefined ? command : under(filter, command);
  return execFileSync(program, rest, { encoding: 'latin1', timeout: 15_000 });
}

function run(name: string, attributes: Readonly<Record<string, unknown>>, command: readonly string[]) {
  const [program, ...rest] = under(filterFile(name, attributes), command);
  const options = { encoding: 'utf8', timeout: 30_000, env: { PATH: '/usr/bin:/bin' }, cwd: '/' } as const;
  const { status, signal, stdout, stderr } = spawnSync(program, rest, options);
  return { status, signal, stdout, stderr };
}

it.each(PROFILE_NAMES)('the probes get the errors of the table under the profile "%s"', (profile) => {
  expect(KNOWN_PROBES.length).toBeGreaterThanOrEqual(60);
  const found = errorsByCall(probe(filterFile(profile, PROFILES[profile])));
  expect(found).toEqual(expectedErrors(profile, probe()));
});

describe('real programs under "@system-service" with every restriction but that of a JIT', () => {
  const STRICT = {
    ...PROFILES.restricted,
    ...{ system_calls: ['@system-service', '~@privileged', '~@resources'], memory_deny_write_execute: false },
  };

  it.each([
    { program: 'sh', args: ['-c', 'for word in a b; do echo $word | tr a-z A-Z; done'], stdout: 'A\nB\n' },
    {
      program: 'python3',
      args: [
        '-c',
        `
import socket, subprocess, threading
server = socket.create_server(("127.0.0.1", 0))
thread = threading.Thread(target=lambda: server.accept()[0].sendall(b"served"))
thread.start()
client = socket.create_connection(server.getsockname())
print(client.recv(100).decode(), subprocess.run(["/bin/echo", "started"], capture_output=True).stdout.decode().strip())
thread.join()
`,
      ],
      stdout: 'served started\n',
    },
    {
      program: 'perl',
      args: ['-e', 'print `echo started`; print -e "/" ? "there" : "gone"'],
      stdout: 'started\nthere',
    },
    { program: 'curl', args: ['--silent', 'file:///proc/self/comm'], stdout: 'curl\n' },
  ])('$program does its work', ({ program, args, stdout }) => {
    const path = findProgram(program);
    expect(path).toBeDefined();
    expect(run('strict', STRICT, [path ?? '', ...args])).toEqual({
      status: 0,
      signal: null,
      stdout,
      stderr: '',
    });
  });

  it('a program without a C library or a loader runs with the least that there is', () => {
    const least = { system_calls: ['write'], system_call_error: 'kill' };
    expect(run('least', least, [handler('raw')])).toEqual({
      status: 0,
      signal: null,
      stdout: 'ok\n',
      stderr: '',
    });
  });

  it('Node runs, and threads in it, until it may not execute what it compiled', () => {
    const program = 'new (require("worker_threads").Worker)("console.log(6 * 7)", { eval: true })';
    const node = [process.execPath, '-e', program];
    expect(run('node', STRICT, node)).toMatchObject({ status: 0, stdout: '42\n', stderr: '' });
    const sealed = { ...STRICT, memory_deny_write_execute: true };
    expect(run('sealed', sealed, node).stdout).toBe('');
  });
});

describe('a call that is denied', () => {
  it('kills the whole process where that is written', () => {
    const killing = { system_calls: ['@system-service', '~kill:kill'] };
    const ended = run('killing', killing, ['/bin/sh', '-c', 'echo first; kill -0 $$; echo second']);
    expect(ended).toMatchObject({ signal: 'SIGSYS', stdout: 'first\n' });
  });

  it('lets nobody into a user namespace, where groups can be given away (S36)', () => {
    const unshare = findProgram('unshare') ?? '';
    const inNamespace = [unshare, '--user', '--map-root-user', '/bin/echo', 'inside'];
    expect(run('denied', { restrict_namespaces: true }, inNamespace)).toMatchObject({
      status: 1,
      stdout: '',
    });
    expect(run('allowed', { restrict_namespaces: ['user'] }, inNamespace)).toMatchObject({
      stdout: 'inside\n',
    });
  });
});
