import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layer } from '../harness/layer.ts';
import { openPlace } from '../harness/open-place.ts';
import { statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import type { SuperServer, SuperServerOptions } from '../harness/super-server.ts';
import { until } from '../harness/until.ts';
import { type Caller, startCaller } from './caller.ts';
import type { Case, Seen, Stage } from './case.ts';
import type { Group } from './group.ts';
import { MACHINE_FILES } from './machine-files.ts';
import { normaliseRecords } from './normalise-records.ts';
import { servicesOf } from './services-of.ts';
import { LAST, writeConf } from './write-conf.ts';

/** What became of a case. */
export interface Observation {
  readonly seen: Seen;
  readonly records: readonly string[];
}

/** By the name of the case. */
export type Observations = Readonly<Record<string, Observation>>;

/** Starts a server for the test that calls it, and waits until it serves. */
export type StartServer = (options: SuperServerOptions) => Promise<SuperServer>;

const FIRST_PORT = 7001;

/** In a network of its own every port is free. */
function portsOf(group: Group): ReadonlyMap<string, number> {
  const keys = [...group.cases.flatMap((it) => servicesOf(it, false)).map(({ key }) => key), LAST];
  return new Map(keys.map((key, index) => [key, FIRST_PORT + index]));
}

function stageOf(it: Case, options: { clients: Caller; ports: ReadonlyMap<string, number> }): Stage {
  return {
    clients: options.clients,
    port: (name = it.name) => options.ports.get(name) ?? 0,
    isAlive: (pid) => /^[^ZX]/.test(statusOf(pid, 'State') ?? 'X'),
  };
}

/** Waits until all records are in the log: the servers have ended, and whatever comes later is there. */
async function settle(
  server: SuperServer,
  options: { readonly log: string; readonly clients: Caller; readonly port: number },
): Promise<string> {
  const { log, clients, port } = options;
  const read = () => (existsSync(log) ? readFileSync(log, 'latin1') : '');
  if (server.hasEnded()) return read();
  await until(() => server.handlers().length === 0, { what: 'the handlers have ended' });
  await clients.call({ port });
  await until(() => read().includes(`: EXIT: ${LAST} `), { what: `the log has all records: ${read()}` });
  return read();
}

function idsOf(it: Case): readonly string[] {
  return [false, true].flatMap((isLater) => servicesOf(it, isLater)).map(({ id }) => id);
}

function observationsOf(
  group: Group,
  { seen, text }: { readonly seen: ReadonlyMap<string, Seen>; readonly text: string },
): Observations {
  const all = new Set([...group.cases.flatMap(idsOf), LAST]);
  const strays = { seen: [], records: normaliseRecords(text, (id) => !all.has(id)) };
  const ofCase = (it: Case): Observation => {
    const ids = idsOf(it);
    return { seen: seen.get(it.name) ?? [], records: normaliseRecords(text, (id) => ids.includes(id)) };
  };
  return { 'no case': strays, ...Object.fromEntries(group.cases.map((it) => [it.name, ofCase(it)])) };
}

/** Plays a group on one server. */
export async function observe(group: Group, start: StartServer): Promise<Observations> {
  const place = await openPlace({ over: [layer({ ...MACHINE_FILES, ...group.files })] });
  const directory = scratch('differential');
  const file = join(directory, 'xinetd.conf');
  const log = join(directory, 'log');
  const ports = portsOf(group);
  const conf = { log, files: directory, ports };
  for (const name of ['banner', 'success', 'fail']) writeFileSync(join(directory, name), `the ${name}\n`);
  writeFileSync(file, writeConf(group, { ...conf, isLater: false }));

  const clients = startCaller(place);
  const server = await start({ place, file, log });
  const stages = group.cases.map((it) => ({ it, stage: stageOf(it, { clients, ports }) }));
  for (const { it, stage } of stages) await it.before?.(stage);
  writeFileSync(file, writeConf(group, { ...conf, isLater: true }));
  await group.act?.(server);
  const seen = new Map<string, Seen>();
  for (const { it, stage } of stages) seen.set(it.name, await it.play(stage));
  const text = await settle(server, { log, clients, port: ports.get(LAST) ?? 0 });
  return observationsOf(group, { seen, text });
}
