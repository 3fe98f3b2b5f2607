import type { Boot } from '../compile/boot.ts';
import { dispatcherFilter } from '../compile/seccomp/dispatcher-filter.ts';
import { machineArchitecture } from '../compile/seccomp/machine-architecture.ts';
import { resolverFilter } from '../compile/seccomp/resolver-filter.ts';
import { dispatcherRules, resolverRules } from './access-rules.ts';
import type { CompilerFacts } from './facts.ts';
import { anchorsOf } from './install.ts';
import {
  compilerCommand,
  dispatcherCommand,
  recompilerCommand,
  resolverCommand,
  upgraderCommand,
} from './worker-commands.ts';

/** Handlers that ignore TERM are killed after this. */
const KILL_AFTER_MS = 1000;

/** In the wall's time, for a compiler that waits for a dead file system; its CPU time has a limit of its own. */
const COMPILE_MS = 60_000;

/** What the spawner must know, by what `run` has found out and by what is installed now. */
export function planBoot(facts: CompilerFacts): Boot {
  const { dispatcherUid: uid, daemon, sockets } = facts;
  const anchors = anchorsOf(uid);
  return {
    dispatcherUid: uid,
    compilerUid: uid,
    anchors,
    compiler: compilerCommand(anchors),
    dispatcher: dispatcherCommand(anchors, daemon),
    rules: dispatcherRules(),
    filter: dispatcherFilter(machineArchitecture()),
    graceMs: daemon.graceMs,
    killAfterMs: KILL_AFTER_MS,
    compileMs: COMPILE_MS,
    state: daemon.state,
    recompiler: recompilerCommand(anchors),
    upgrader: upgraderCommand(anchors),
    spawner: daemon.spawner,
    notify: daemon.manager?.socket,
    pidFile: daemon.pidFile,
    sockets: sockets.length,
    facts: JSON.stringify(facts),
    resolver: {
      uid: facts.resolverUid,
      command: resolverCommand(anchors),
      rules: resolverRules(),
      filter: resolverFilter(machineArchitecture()),
    },
  };
}
