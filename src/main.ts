#!/usr/bin/node
// Never `env node`: whoever sets PATH would choose the interpreter of a program that root runs (S132).
import { writeSync } from 'node:fs';
import { close as closeInspector } from 'node:inspector';
import { inspectorFlag } from './cli/inspector-flag.ts';
import { judgeRuntime } from './cli/runtime-floor.ts';

// Node opens its inspector on SIGUSR1, from before this line on (S131).
process.on('SIGUSR1', () => {});
if (inspectorFlag() === undefined) closeInspector();

// The kernel ignores for PID 1 what it does not handle, and the spawner, which does, is not there yet.
if (process.pid === 1) for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));

const SYSTEM_SAID_NO = 3;
const STDERR = 2;
/** Commands for which an outdated Node matters; the others only print. */
const WARNED = ['run', 'serve', 'check'];

const args: readonly string[] = process.argv.slice(2);
// Whoever sends it to a zinetd that still starts wants what is read anyway (S122).
if (args[0] === 'run' || args[0] === 'serve') process.on('SIGHUP', () => {});

const runtime = judgeRuntime(process.versions.node, new Date().toISOString().slice(0, 10));

if (runtime.kind === 'refused') {
  writeSync(STDERR, `zinetd: ${runtime.message}\n`);
  process.exit(SYSTEM_SAID_NO);
}
if (runtime.kind === 'ended' && WARNED.includes(args[0] ?? '')) {
  writeSync(STDERR, `zinetd: warning: ${runtime.message}\n`);
}

// Loaded only now: an old Node should get as far as the message above, and the workers that the spawner starts
// with an argument of their own must not pay for the command line.
if (args[0] === '--dispatcher') {
  const { dispatch } = await import('./dispatcher/main.ts');
  const manager = args[2] === undefined ? undefined : { signOfLifeMs: Number(args[2]) || undefined };
  dispatch({ logFormat: args[1] === 'json' ? 'json' : 'text', manager });
} else if (args[0] === '--resolver') {
  const { answerQuestions } = await import('./resolver/main.ts');
  answerQuestions();
} else if (args[0] === '--compiler') {
  const { compile } = await import('./cli/compile.ts');
  process.exit(await compile({ isReload: args[1] === 'reload' }));
} else if (args[0] === '--upgrader') {
  // All that the new processes are made of, the native part as well: what cannot be loaded is no program to go over to.
  await Promise.all([import('./dispatcher/main.ts'), import('./resolver/main.ts')]);
  const { prepareUpgrade } = await import('./cli/prepare-upgrade.ts');
  process.exit(await prepareUpgrade());
} else {
  const { runCommandLine } = await import('./cli/run-command-line.ts');
  process.exit(await runCommandLine(args));
}
