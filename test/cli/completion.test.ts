import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EXAMPLE_STATUS } from '../harness/example-status.ts';
import { fakeControl, result } from '../harness/fake-control.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { runClient } from './run-client.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A directory with `zinetd` in it, as an installation has. */
function installed(): string {
  const directory = join(scratch('completion'), 'bin');
  mkdirSync(directory);
  writeFileSync(join(directory, 'zinetd'), `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`, {
    mode: 0o755,
  });
  return directory;
}

/** What bash would offer for a line. */
async function offered(line: readonly string[], directory: string): Promise<readonly string[]> {
  const words = line.map((word) => `'${word}'`).join(' ');
  const script = `source <(zinetd completion bash)
    COMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}
    _zinetd_yargs_completions
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  // A login shell of another kind must not change the form of what bash reads.
  const env = { PATH: `${directory}:/usr/bin:/bin`, SHELL: '/usr/bin/zsh' };
  const { status, stdout, stderr } = await runProgram(['/bin/bash', '--norc', '-c', script], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((it) => it !== '');
}

test('bash completes commands, options and choices of the installed program', async () => {
  const directory = installed();
  expect(await offered(['zinetd', 'stat'], directory)).toEqual(['status']);
  expect(await offered(['zinetd', 'reload', '--d'], directory)).toEqual(['--dry-run']);
  expect(await offered(['zinetd', 'kill', '7', '--signal', 'T'], directory)).toEqual(['TERM']);
});

test('names of services come from the daemon that runs, and nothing if none does', async () => {
  const directory = installed();
  const { path } = await fakeControl({ status: result(EXAMPLE_STATUS) });
  expect(await offered(['zinetd', 'disable', '--control', path, 'f'], directory)).toEqual(['finger', 'ftp']);
  expect(await offered(['zinetd', 'disable', '--control', '/nonexistent/control', 'f'], directory)).toEqual(
    [],
  );
});

test('the script for zsh asks in the form of zsh, and another shell is refused', async () => {
  const { code, stdout } = await runClient(['completion', 'zsh']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^#compdef zinetd\n/);
  expect(stdout).toContain('SHELL=/bin/zsh zinetd --get-yargs-completions');
  expect(await runClient(['completion', 'powershell'])).toEqual({
    ...{ code: 2, stdout: '', stderr: 'zinetd: Cannot use "powershell" for <shell>: choose bash or zsh\n' },
  });
});
