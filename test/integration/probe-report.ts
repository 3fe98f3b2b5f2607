import { inject } from 'vitest';
import { type TestUser, unprivilegedUser } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';

interface Descriptor {
  readonly fd: number;
  readonly target: string;
  readonly [key: string]: unknown;
}

/** What test/fixtures/handlers/probe.c prints. */
export interface ProbeReport {
  readonly pid: number;
  readonly ppid: number;
  readonly sid: number;
  readonly pgid: number;
  readonly fds: readonly Descriptor[];
  readonly argv: readonly string[];
  readonly environ: readonly string[];
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  readonly groups: readonly number[];
  readonly umask: number;
  readonly rlimits: Readonly<Record<string, readonly number[]>>;
  readonly status: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** Limits without a default of ours: inherited unless configured. */
const INHERITED_LIMITS = ['nproc', 'sigpending'];
const STATUS_FIELDS = [
  ...['SigPnd', 'ShdPnd', 'SigBlk', 'SigIgn', 'SigCgt'],
  ...['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp'],
];
/** Fields whose full value depends on the machine; they are compared with our own. */
const OF_THE_STARTER = new Set(['CapPrm', 'CapEff', 'CapBnd', 'Seccomp']);
const NO_CAPABILITY = /^0{16}$/;

function maskStatus(status: ProbeReport['status']): Readonly<Record<string, string | undefined>> {
  const show = (field: string) => {
    const value = status[field];
    const isStarters = OF_THE_STARTER.has(field) && value === statusOf(process.pid, field);
    return isStarters && !NO_CAPABILITY.test(value ?? '') ? 'that of the starter' : value;
  };
  return Object.fromEntries(STATUS_FIELDS.map((field) => [field, show(field)]));
}

function maskFds(fds: readonly Descriptor[]): unknown {
  const [first] = fds;
  return fds.map((fd) => ({ ...fd, target: fd.target === first?.target ? 'the connection' : fd.target }));
}

function maskLimits(report: ProbeReport, configured: readonly string[]): unknown {
  return Object.fromEntries(
    Object.entries(report.rlimits).map(([name, limit]) => {
      const isInherited = INHERITED_LIMITS.includes(name) && !configured.includes(name);
      return [name, isInherited ? 'that of the starter' : limit.map((it) => (it < 0 ? 'unlimited' : it))];
    }),
  );
}

function maskIds(report: ProbeReport, caller: TestUser | undefined): unknown {
  const { uids, gids, groups } = report;
  return {
    uids: uids.map((uid) => (uid === caller?.uid ? 'the caller' : uid)),
    gids: gids.map((gid) => (gid === caller?.gid ? 'the caller' : gid)),
    groups,
  };
}

/**
 * A report as golden text: whatever differs from run to run, or from machine to machine, is replaced by what it
 * must be equal to.
 */
export function maskProbe(
  report: ProbeReport,
  options: { readonly spawnerPid: number; readonly rlimits: readonly string[] },
): string {
  const { pid, ppid, sid, pgid, fds, argv, umask, status, ioUring: _, ...rest } = report;
  const masked = {
    leadsSession: sid === pid,
    leadsGroup: pgid === pid,
    isChildOfSpawner: ppid === options.spawnerPid,
    fds: maskFds(fds),
    argv: argv.map((text) => text.replace(inject('testHome'), 'HOME')),
    umask: umask.toString(8).padStart(3, '0'),
    ...rest,
    ...(maskIds(report, unprivilegedUser()) as object),
    rlimits: maskLimits(report, options.rlimits),
    status: maskStatus(status),
  };
  return `${JSON.stringify(masked, null, 2)}\n`;
}
