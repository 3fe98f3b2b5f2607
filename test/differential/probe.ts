import type { ProbeReport } from '../integration/probe-report.ts';
import type { Case, Seen, Stage } from './case.ts';

const SIGNALS = ['SigBlk', 'SigIgn', 'SigCgt'];
const PRIVILEGES = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp'];

/** What does not differ from run to run, a line for each fact. */
function factsOf(report: ProbeReport): Readonly<Record<string, unknown>> {
  const { pid, sid, pgid, fds, status, environ, ppid: _, ioUring: __, ...rest } = report;
  const sockets = fds.map(({ target, ...fd }) => ({ ...fd, isFirst: target === fds[0]?.target }));
  const pick = (fields: readonly string[]) => fields.map((field) => `${field} ${status[field]}`).join(', ');
  return {
    ...rest,
    // Their order means nothing.
    environ: [...environ].sort(),
    leadsSession: sid === pid,
    leadsGroup: pgid === pid,
    fds: sockets,
    signals: pick(SIGNALS),
    privileges: pick(PRIVILEGES),
  };
}

/** Everything that the probe tells, or these facts of it; what it said instead, if it could not. */
export function tellProbe(text: string, facts?: readonly string[]): Seen {
  if (!text.startsWith('{')) return [JSON.stringify(text)];
  const all = Object.entries(factsOf(JSON.parse(text) as ProbeReport));
  const wanted = facts === undefined ? all : all.filter(([name]) => facts.includes(name));
  return wanted.map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
}

/** A service whose handler tells what it was given. */
export function probe(name: string, options: { readonly stanza: string; readonly facts?: string[] }): Case {
  const play = async ({ clients, port }: Stage) =>
    tellProbe(await clients.text({ port: port(), halfClose: false }), options.facts);
  return { name, stanza: `server = HANDLERS/probe\n${options.stanza}`, play };
}
