import type { DaemonEvent } from '../events/event.ts';
import { assertNever } from '../model/assert-never.ts';
import type { ControlFault } from '../model/control-fault.ts';
import { countOf } from '../model/count-of.ts';
import { escapeText, quoteText } from '../model/escape.ts';
import type { Finding } from '../model/findings.ts';
import { describeListen } from '../model/listen-address.ts';
import { formatDurationMs } from '../model/quantity.ts';
import { formatVersions, type RpcRegistration, type RpcTrouble } from '../model/rpc.ts';
import { describeUpgradeFailure } from '../model/upgrade-failure.ts';
import type { ShowAddress } from './address-privacy.ts';
import { describeChanges } from './describe-changes.ts';
import { describeServiceState, describeState } from './describe-state.ts';
import { describeWorker } from './describe-worker.ts';
import { logAdvice } from './log-advice.ts';
import { describeReloadFailure } from './reload-failure.ts';

/** Whose address is not to be told. */
const SOMEBODY = 'a client';

/** Handlers that are worth a mention only if there are any. */
function also(count: number, what: string): string {
  return count === 0 ? '' : `, ${countOf(count, 'handler')} ${what}`;
}

function forHowLong(durationMs: number): string {
  const text = formatDurationMs(durationMs);
  return durationMs === Number.POSITIVE_INFINITY ? text : `for ${text}`;
}

const LEFT_OUT: Readonly<Record<'prefixes' | 'room', string>> = {
  prefixes: 'the prefixes of "sources" are others now',
  room: 'the table of bans is smaller now',
};

const RPC_TROUBLES: Readonly<Record<RpcTrouble['why'], string>> = {
  unreachable: 'it cannot be asked',
  held: 'somebody else holds this',
  refused: 'it refuses',
};

function describeRpc({ program, netid, address, ...versions }: RpcRegistration): string {
  return `program ${program}, version ${formatVersions(versions)}, ${netid} at ${address}`;
}

const DAMAGES = {
  bans: { restored: 'bans come from the part that is intact', lost: 'all bans in it are lost' },
  disabled: {
    restored: 'which services are disabled comes from the part that is intact',
    lost: 'no service is disabled any more',
  },
} as const;

/** The first two slots are. */
function isOfBans(slots: readonly number[]): boolean {
  return slots.every((slot) => slot < 2);
}

const CONTROL_FAULTS: Readonly<Record<ControlFault, string>> = {
  protocol: 'what came was no request',
  half: 'no whole request came in time',
  slow: 'the answers were not taken',
  busy: 'there were too many others',
  'not-permitted': 'it may only be asked what it tells everybody',
};

/** What was asked for, if it is about one thing. */
function about(subject: string | undefined): string {
  return subject === undefined ? '' : ` ${quoteText(subject)}`;
}

/** As the first line of what `check` prints, and the help in the same line. */
function describeFinding({ place, severity, code, message, help }: Finding): string {
  return `${place}: ${severity}[${code}]: ${message}${help === undefined ? '' : `; help: ${help}`}`;
}

function because(code: string | undefined): string {
  return code === undefined ? '' : ` (${code})`;
}

function again(retryMs: number | undefined): string {
  return retryMs === undefined ? '' : `, tried again in ${formatDurationMs(retryMs)}`;
}

/** What is wrong with a configuration of which the rest runs. */
function inSpiteOf(errors: number): string {
  return errors === 0
    ? ''
    : `; the configuration has ${countOf(errors, 'error')}, "zinetd check" shows where`;
}

/** What happened to the daemon, in one plain sentence; not escaped yet. `address` is what it shows of clients. */
export function describeDaemonEvent(event: DaemonEvent, address: ShowAddress): string {
  switch (event.type) {
    case 'listening':
      return `${event.service} listens on ${describeListen(event.local)}`;
    case 'closed':
      return `${event.service} listens on ${describeListen(event.local)} no more`;
    case 'listen-failed':
      return `Cannot listen on ${describeListen(event.local)} for ${event.service}: ${event.code}${again(event.retryMs)}`;
    case 'answered':
      return `${event.service} told ${address(event.peer.bytes) ?? SOMEBODY} what it has`;
    case 'ready':
      return `Ready with ${countOf(event.services, 'service')}${also(event.adopted, 'taken over')}${inSpiteOf(event.errors)}`;
    case 'program-replaced':
      return `Another file is in the place of the program of ${event.service} than at the start`;
    case 'dispatcher-restarted':
      return `The dispatcher ended unexpectedly and was started again (${countOf(event.times, 'time')} so far)`;
    case 'resolver-restarted':
      return `The resolver ended unexpectedly and was started again (${countOf(event.times, 'time')} so far)`;
    case 'paused':
      return `${event.service} accepts nothing for ${event.retryMs} ms: ${event.reason}`;
    case 'resumed':
      return `${event.service} accepts again`;
    case 'fruitless':
      return `Handlers of ${event.service} end at once and take nothing out of its socket: at most one a second is started, the next in ${event.retryMs} ms`;
    case 'datagrams-dropped':
      return `Dropped ${countOf(event.count, 'datagram')} for ${event.service}: others came in between, or the sender has no port to be answered at`;
    case 'suspended':
      return `Deactivating service ${event.service} due to excessive incoming connections (${event.reason}): accepts again in ${formatDurationMs(event.forMs)}`;
    case 'banned':
      return `Banned ${address(event.peer.bytes) ?? SOMEBODY} from all services ${forHowLong(event.forMs)}: ${event.reason} at ${event.service}`;
    case 'decider-failed':
      return `Cannot start the program that decides for ${event.service}: ${event.failure.step}${because(event.failure.code)}`;
    case 'worker-started':
    case 'worker-exited':
    case 'worker-failed':
      return describeWorker(event);
    case 'sources-full':
      return `Served ${countOf(event.untracked, 'client')} without limits of their own: the table of sources is full (sources.capacity)`;
    case 'bans-full':
      return `Cannot ban a client of ${event.service}: the table of bans is full (${countOf(event.unrecorded, 'time')} so far)`;
    case 'bans-restored':
      return `Restored ${countOf(event.count, 'ban')}, ${event.expired} more had expired`;
    case 'bans-left-out':
      return `Left out ${countOf(event.count, 'ban')} of before this start: ${LEFT_OUT[event.reason]}`;
    case 'state-damaged':
      return `The state file is damaged: ${DAMAGES[isOfBans(event.slots) ? 'bans' : 'disabled'][event.restored ? 'restored' : 'lost']}`;
    case 'state-failed':
      return `Cannot ${event.action} the state file: ${event.code}; bans, and which services are disabled, do not outlast zinetd for now`;
    case 'disabled':
      return `${event.service} is disabled: nobody is served until it is enabled`;
    case 'enabled':
      return `${event.service} is enabled again`;
    case 'state-saved':
      return 'The state file is written again';
    case 'rpc-registered':
      return `${event.service} is registered with rpcbind as ${describeRpc(event.registration)}`;
    case 'rpc-failed':
      return `Cannot ${event.action} ${event.service} with rpcbind as ${describeRpc(event.registration)}: ${RPC_TROUBLES[event.why]}${because(event.code)}`;
    case 'sandbox-lacks':
      return `The sandbox lacks ${event.feature}: ${event.consequence}`;
    case 'request-refused':
      return `The spawner refused a request "${event.request}": ${event.code}`;
    case 'reloaded':
      return `Reloaded the configuration of ${countOf(event.services, 'service')}${describeChanges(event.changes)}${inSpiteOf(event.errors)}`;
    case 'reload-failed':
      return `Cannot reload, the running configuration stays: ${describeReloadFailure(event.failure)}`;
    case 'upgrading':
      return `A newer version takes over with ${countOf(event.running, 'handler')} running`;
    case 'upgraded':
      return `Version ${event.version} has taken over`;
    case 'upgrade-failed':
      return `Cannot upgrade, the running version stays: ${describeUpgradeFailure(event.failure)}`;
    case 'diagnostic':
      return describeFinding(event.finding);
    case 'log-failed':
      return `Cannot log to ${quoteText(event.to)}: ${event.code}${logAdvice(event.to, event.code)}`;
    case 'log-resumed':
      return `Logging to ${quoteText(event.to)} again: ${countOf(event.lost, 'record')} lost`;
    case 'log-ended':
      return `Logging to ${quoteText(event.to)} ended: ${countOf(event.lost, 'record')} lost that had not gone out`;
    case 'log-limit':
      return `Log file ${quoteText(event.to)} is beyond its ${event.limit} limit with ${event.bytes} bytes`;
    case 'state':
      return describeState(event);
    case 'service-state':
      return describeServiceState(event.service, event.state);
    case 'controlled':
      return `Uid ${event.uid} asked over the control socket for ${event.method}${about(event.subject)}: ${event.outcome}`;
    case 'control-refused':
      return `Let ${countOf(event.count, 'visitor')} of a control socket go (uid ${event.uid}): ${CONTROL_FAULTS[event.reason]}`;
    case 'watch-failed':
      return `Cannot watch "${event.path}": ${event.code}; send HUP to zinetd after a change`;
    case 'stopping':
      return `Stopping with ${countOf(event.running, 'handler')} running`;
    case 'stopped':
      return `Stopped${also(event.killed, 'ended by a signal')}${also(event.running, 'running on')}`;
    case 'dispatcher-crashed':
      return `The dispatcher cannot go on: ${escapeText(event.error)}${event.at === undefined ? '' : ` at ${escapeText(event.at)}`} (this is a bug in zinetd, please report it)`;
    case 'spawner-gone':
      return 'The spawner is gone: the dispatcher ends, handlers finish';
    case 'records-lost':
      return `Lost ${countOf(event.count, 'log record')} here: the log took none for a while`;
    default:
      return assertNever(event);
  }
}
