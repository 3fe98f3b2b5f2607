import { dirname, join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { dispatcherRules } from '../../src/cli/access-rules.ts';
import type { Boot } from '../../src/compile/boot.ts';
import { dispatcherFilter } from '../../src/compile/seccomp/dispatcher-filter.ts';
import { machineArchitecture } from '../../src/compile/seccomp/machine-architecture.ts';
import type { Config } from '../../src/model/config.ts';
import type { Policy } from '../../src/model/policy.ts';
import { isRoot } from '../harness/identity.ts';
import { type LogRecord, LogRecords } from '../harness/log-records.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { SpawnerRun } from './run-spawner.ts';

/** Of nobody else on this machine. */
export const DISPATCHER_UID = isRoot ? 61_183 : undefined;

/** zinetd's own dispatcher under the spawner, in its sandbox, with a compiler of the test's own. */
export class DispatcherRun extends SpawnerRun {
  readonly log: LogRecords = new LogRecords(this.stdout);

  constructor(options: { config: Config; policy?: Policy; boot?: Partial<Boot> }) {
    const main = join(inject('openInstall'), 'dist/main.js');
    const node = inject('openNode');
    const rules: Boot['rules'] = [
      ...dispatcherRules(),
      { path: node, access: 'execute' },
      { path: dirname(dirname(main)), access: 'read' },
    ];
    const filter = dispatcherFilter(machineArchitecture());
    const dispatcher = {
      path: node,
      argv: ['node', main, '--dispatcher', 'json'],
      env: ['TZ=UTC', 'OPENSSL_CONF=/dev/null'],
    };
    const boot = { dispatcherUid: DISPATCHER_UID, dispatcher, rules, filter, ...options.boot };
    super({ ...options, dispatcher: [], boot });
    onTestFinished(() => this.stop());
  }

  get dispatcherPid(): number {
    return childrenOf(this.pid).find((pid) => commandLineOf(pid).includes('--dispatcher')) ?? 0;
  }

  get compilerPid(): number | undefined {
    return childrenOf(this.pid).find((pid) => commandLineOf(pid).some((it) => it.endsWith('copy-table.mjs')));
  }

  event(name: string): Promise<LogRecord> {
    const early = this.exited.then((code) => {
      throw new Error(`The spawner ended with ${code}:\n${this.log.describe()}\n${this.stderr}`);
    });
    const record = this.log.next(name);
    for (const promise of [early, record]) promise.catch(() => {});
    return Promise.race([record, early]);
  }

  port(service: string): number {
    const record = this.log.all.find((it) => it.event === 'listening' && it.service === service);
    return record?.local?.port ?? 0;
  }

  /** How many records of a type there are. */
  count(event: string): number {
    return this.log.all.filter((record) => record.event === event).length;
  }

  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    await this.exited;
  }
}

export async function runDispatcher(
  options: ConstructorParameters<typeof DispatcherRun>[0],
): Promise<DispatcherRun> {
  const run = new DispatcherRun(options);
  await run.event('ready');
  return run;
}
