import { constants } from 'node:os';
import { childrenOf, statusOf } from '../../harness/processes.ts';
import { until } from '../../harness/until.ts';
import { askControl } from './control.ts';
import { type Held, hold } from './held.ts';
import type { Ending, Lane } from './lane.ts';
import { type Fault, nameOf, PROCESSES } from './plan.ts';

/** What came of one fault. */
export interface Result {
  readonly isReached: boolean;
  readonly outcome: string;
  readonly violations: readonly string[];
  /** It goes on without something, as it should: what it is like from now on is no measure for the next one. */
  readonly isLacking?: boolean;
}

/** A part of the life of zinetd, during which a call fails. */
export interface Scene {
  readonly name: string;
  /** In which the calls are counted and failed. */
  readonly processes: readonly string[];
  /** Whether it takes seconds. */
  readonly isSlow: boolean;
  /** What comes of it when nothing fails. */
  readonly usual: string;
  run(lane: Lane, fault: Fault | undefined): Promise<Result>;
}

const ANSWER_MS = 20_000;
const QUIET_MS = 250;
/** What the kernel lacks is a matter of a warning, unless it is required. */
const LACKS = /config\/kernel-lacks/;
const HONEST = /zinetd: |Cannot|cannot/;

async function started(lane: Lane): Promise<void> {
  if (lane.isRunning) return;
  const end = await lane.start();
  if (end) throw new Error(`Cannot start zinetd for F1: ${end.end}: ${end.stderr}`);
}

/** One that serves, and is as it should be. */
async function serving(lane: Lane): Promise<void> {
  if (lane.isLearnt) return;
  await started(lane);
  await lane.learn();
}

/** Gone, though nobody has asked it to. */
function death(ending: Ending): string {
  return `zinetd ended with ${ending.end}: ${ending.stderr.trimEnd().split('\n').slice(-3).join(' / ')}`;
}

/** What it printed is no report of a sanitizer. */
export function reports({ stderr }: Pick<Ending, 'stderr'>): readonly string[] {
  const line = stderr.split('\n').find((it) => /Sanitizer|runtime error/.test(it));
  return line === undefined ? [] : [line];
}

/** What the log says of each. */
function crashes(lane: Lane): readonly string[] {
  const records = lane.isRunning
    ? lane.zinetd.log.all.filter(({ event }) => event === 'dispatcher-crashed')
    : [];
  return records.map(({ error, at }) => `the dispatcher crashed: ${error} at ${at}`);
}

/** Everything is served again, by the same processes; `before` as `crashes` had it. */
async function verified(
  lane: Lane,
  before: readonly string[],
  options: { readonly mayRestart?: boolean; readonly mayRefuse?: boolean } = {},
): Promise<readonly string[]> {
  const early = await lane.ending();
  if (early) return [death(early), ...reports(early)];
  const missing = await lane.recover(options);
  const late = await lane.ending();
  if (late) return [death(late), ...reports(late)];
  const crashed = options.mayRestart ? [] : crashes(lane).slice(before.length);
  return [...crashed, ...missing, ...reports(lane.zinetd)];
}

/** What of its confinement the dispatcher is without. */
function unconfined(lane: Lane): readonly string[] {
  const pid = lane.zinetd.dispatcherPid ?? 0;
  const wanted = { Seccomp: '2', NoNewPrivs: '1', CapEff: '0000000000000000', CapBnd: '0000000000000000' };
  return Object.entries(wanted)
    .filter(([field, value]) => statusOf(pid, field) !== value)
    .map(([field]) => `the dispatcher has ${field} ${statusOf(pid, field)}`);
}

async function quiet(lane: Lane, children: number): Promise<void> {
  const isQuiet = (): boolean => !lane.isRunning || childrenOf(lane.zinetd.pid).length <= children;
  await until(isQuiet, { what: 'all handlers have ended', timeoutMs: QUIET_MS }).catch(() => {});
}

const connects: Scene = {
  name: 'connects',
  isSlow: false,
  processes: ['dispatcher', 'spawner', 'child', 'resolver'],
  usual: 'all served',
  async run(lane, fault) {
    await serving(lane);
    const before = crashes(lane);
    const children = childrenOf(lane.zinetd.pid).length;
    lane.plan.arm(fault);
    const answers = await lane.visits();
    await quiet(lane, children);
    lane.plan.disarm();
    const isReached = fault === undefined || lane.plan.hits > 0;
    const missing = lane.missing(answers);
    const outcome = missing.length === 0 ? 'all served' : `not served: ${missing.length}`;
    if (!isReached && missing.length === 0) return { isReached, outcome, violations: [] };
    return { isReached, outcome, violations: [...lane.wrong(answers), ...(await verified(lane, before))] };
  },
};

/** Until the first configuration is in force. */
async function goBack(lane: Lane): Promise<readonly string[]> {
  lane.configure('first');
  for (let tries = 0; tries < 3; tries++) {
    const answer = await askControl(lane.control, 'reload', { timeoutMs: ANSWER_MS });
    if (answer?.result?.outcome === 'reloaded') return [];
  }
  return ['no reload works any more'];
}

const reload: Scene = {
  name: 'reload',
  isSlow: true,
  processes: ['spawner', 'dispatcher', 'worker', 'compiler'],
  usual: 'reloaded',
  async run(lane, fault) {
    await serving(lane);
    const before = crashes(lane);
    lane.configure('second');
    lane.plan.arm(fault);
    const answer = await askControl(lane.control, 'reload', { timeoutMs: ANSWER_MS });
    lane.plan.disarm();
    const isReached = fault === undefined || lane.plan.hits > 0;
    const outcome = answer?.result?.outcome ?? 'no answer';
    const back = (await lane.ending()) ? [] : await goBack(lane);
    return { isReached, outcome, violations: [...back, ...(await verified(lane, before))] };
  },
};

/** One that cannot begin ends, with a record of why, and another one is started: nobody has lost anything. */
function isOfDispatcher(fault: Fault | undefined): boolean {
  return fault !== undefined && PROCESSES[fault.process] === 'dispatcher';
}

/** What a machine cannot have is told, and not asked for again (`next-retry.ts`). */
const FOR_EVER: readonly number[] = [constants.errno.EAFNOSUPPORT, constants.errno.ENOPROTOOPT];

/** One that cannot give up what handlers must not have starts none of them. */
function keepsPrivileges(fault: Fault | undefined): boolean {
  return fault !== undefined && PROCESSES[fault.process] === 'spawner' && nameOf(fault) === 'prctl';
}

function leniency(fault: Fault | undefined): { readonly mayRestart: boolean; readonly mayRefuse: boolean } {
  const isForEver = fault !== undefined && FOR_EVER.includes(fault.error);
  return { mayRestart: isOfDispatcher(fault), mayRefuse: keepsPrivileges(fault) || isForEver };
}

async function heldStill(held: Held): Promise<readonly string[]> {
  const answer = await held.say('still');
  return answer ? [] : ['a handler has lost its client'];
}

const upgrade: Scene = {
  name: 'upgrade',
  isSlow: true,
  processes: ['spawner', 'trial', 'worker', 'dispatcher', 'upgrader'],
  usual: 'upgraded',
  async run(lane, fault) {
    await serving(lane);
    const before = crashes(lane);
    const held = await hold(lane.zinetd.port('nowait'));
    const done = lane.zinetd.log.next(({ event }) => event === 'upgraded' || event === 'upgrade-failed', {
      timeoutMs: ANSWER_MS,
    });
    done.catch(() => {});
    lane.plan.arm(fault);
    await askControl(lane.control, 'upgrade', { timeoutMs: ANSWER_MS });
    const event = await Promise.race([done, lane.zinetd.ended]).catch(() => undefined);
    lane.plan.disarm();
    const isReached = fault === undefined || lane.plan.hits > 0;
    const outcome = typeof event === 'object' ? event.event : 'no answer';
    const ending = await lane.ending();
    if (ending) {
      held.close();
      return { isReached, outcome: `ended with ${ending.end}`, violations: honesty(ending) };
    }
    const violations = await heldStill(held);
    held.close();
    const lenient = leniency(fault);
    return {
      ...{ isReached, outcome, isLacking: lenient.mayRefuse },
      violations: [...violations, ...(await verified(lane, before, lenient))],
    };
  },
};

/** It said why, and its status is one of those that the manual has. */
function honesty({ end, stderr }: Ending): readonly string[] {
  if (typeof end !== 'number') return [`zinetd died of ${end}`];
  if (end === 0) return ['zinetd ended with 0, though it does not serve'];
  return HONEST.test(stderr) && end <= 4
    ? reports({ stderr })
    : [`zinetd ended with ${end}, and no word`, ...reports({ stderr })];
}

const start: Scene = {
  name: 'start',
  isSlow: true,
  processes: ['spawner', 'worker', 'dispatcher', 'resolver', 'compiler', 'run'],
  usual: 'serves',
  async run(lane, fault) {
    if (lane.goldens.size === 0) await serving(lane);
    if (lane.isRunning) await lane.stop();
    lane.plan.arm(fault);
    const ending = await lane.start();
    lane.plan.disarm();
    const isReached = fault === undefined || lane.plan.hits > 0;
    if (ending) return { isReached, outcome: `ended with ${ending.end}`, violations: honesty(ending) };
    const lacks = LACKS.test(lane.zinetd.stderr);
    const violations = lacks ? [] : [...(await verified(lane, [], leniency(fault))), ...unconfined(lane)];
    if (!lane.isRunning) return { isReached, outcome: 'ended', violations };
    const stopped = await lane.stop();
    const badly = stopped.end === 0 ? reports(stopped) : [death(stopped), ...reports(stopped)];
    return {
      isReached,
      outcome: lacks ? 'serves without what it warns of' : 'serves',
      violations: [...violations, ...badly],
    };
  },
};

const stop: Scene = {
  name: 'stop',
  isSlow: true,
  processes: ['spawner', 'dispatcher'],
  usual: 'ended with 0',
  async run(lane, fault) {
    await started(lane);
    const held = await hold(lane.zinetd.port('nowait'));
    const children = childrenOf(lane.zinetd.pid);
    lane.plan.arm(fault);
    const ending = await lane.stop();
    lane.plan.disarm();
    held.close();
    const isReached = fault === undefined || lane.plan.hits > 0;
    const left = await until(() => children.every((pid) => childrenOf(pid).length === 0 && !isAlive(pid)), {
      what: 'nobody is left',
      timeoutMs: ANSWER_MS,
    }).catch(() => false);
    const violations = [...(ending.end === 0 ? [] : [death(ending)]), ...(left ? [] : ['a process is left'])];
    return {
      isReached,
      outcome: `ended with ${ending.end}`,
      violations: [...violations, ...reports(ending)],
    };
  },
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const SCENES: readonly Scene[] = [start, stop, reload, upgrade, connects];
