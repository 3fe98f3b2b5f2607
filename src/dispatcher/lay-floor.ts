import type { PenaltyOutcome } from '../admission/penalty.ts';
import type { Bus } from '../events/bus.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import { RefusalSummary } from '../logging/refusal-summary.ts';
import { addressKey } from '../model/address.ts';
import type { Connection } from '../model/connection.ts';
import { isAnswerable } from '../model/is-answerable.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { Binding } from '../native/binding.ts';
import { LocalEndpoints } from '../native/local-endpoints.ts';
import { OriginalDestinations } from '../native/original-destinations.ts';
import type { Poller } from '../native/poller.ts';
import type { ResolverClient } from '../resolver/client.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import type { AcceptGate } from './accept-gate.ts';
import { Answers } from './answers.ts';
import type { Arrived } from './arrived.ts';
import { BanKeeper } from './ban-keeper.ts';
import { Bans } from './bans.ts';
import { byProxy } from './by-proxy.ts';
import { Counters } from './counters.ts';
import { Daemons } from './daemons.ts';
import type { Deciders } from './deciders.ts';
import { EndingKeeper } from './ending-keeper.ts';
import { Failures } from './failures.ts';
import { Farewell } from './farewell.ts';
import type { Floor } from './floor.ts';
import type { Guest } from './guest.ts';
import { Handshakes } from './handshakes.ts';
import { Idents } from './idents.ts';
import { Lives } from './lives.ts';
import { Mux } from './mux.ts';
import { serveTarget } from './mux-target.ts';
import type { Outlets } from './outlets.ts';
import { Pacer } from './pacer.ts';
import { Pauses } from './pauses.ts';
import { Pools } from './pools.ts';
import { ProxyDoor } from './proxy-door.ts';
import { Questions } from './questions.ts';
import { readKeptBans } from './read-kept-bans.ts';
import { RefusalReporter } from './refusal-reporter.ts';
import { Refusals } from './refusals.ts';
import { Relays } from './relays.ts';
import { type Rules, rulesOf } from './rules.ts';
import { serve } from './serve.ts';
import { SourceAlarm } from './source-alarm.ts';
import { StandardErrors } from './standard-errors.ts';
import { Switches } from './switches.ts';
import { Talks } from './talks.ts';
import type { Tally } from './tally.ts';
import { Teller } from './teller.ts';
import type { Timings } from './timings.ts';
import type { World } from './world.ts';

/** What is there before the first policy. */
export interface FloorParts {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly world: World;
  readonly bus: Bus;
  readonly gate: AcceptGate;
  readonly children: ChildTable;
  readonly tally: Tally;
  readonly link: SpawnerLink;
  readonly resolver: ResolverClient;
  readonly deciders: Deciders;
  readonly outlets: Outlets;
  readonly timings: Timings;
  readonly nextId: () => number;
  readonly onLaunch: (service: number) => void;
  readonly hold: (row: number) => () => void;
}

interface Current {
  readonly counters: Counters;
  /** The rules in force, since a reload replaces them. */
  readonly rules: () => Rules;
}

function makePacer(
  { gate, world, timings }: FloorParts,
  { counters, rules, switches }: Current & { readonly switches: Switches },
): Pacer {
  return new Pacer({
    ...{ gate, world, timings },
    nameOf: (service) => rulesOf(rules(), service).service.policy.name,
    queueing: (service) => {
      const found = rulesOf(rules(), service);
      // Whoever comes to one that is disabled is to hear of it, however many are served still.
      return found.isQueueing && switches.isOn(found.service.policy.name) ? found.service : undefined;
    },
    factsOf: (service) => ({
      ...{ nowMs: world.nowMs(), wallMs: world.wallMs(), load: world.load() },
      ...counters.serviceFacts(service),
    }),
  });
}

/** The bans, with what earlier dispatchers have left of them. */
function makeBans(
  { world, bus }: FloorParts,
  { counters, rules }: Current,
): { readonly bans: Bans; readonly keeper: BanKeeper | undefined } {
  const { state } = world;
  const { sources } = rules().policy;
  const prefixes = { ipv4: sources.ipv4Prefix, ipv6: sources.ipv6Prefix };
  const kept = state && readKeptBans({ file: state, bus, prefixes });
  const secret = kept?.slot?.secret ?? world.secret();
  const bans = new Bans({
    ...{ world, bus, secret, prefixes },
    policy: () => rules().policy.bans,
    writeKey: (address) => counters.sourceOf(address),
    onChange: () => keeper?.changed(),
  });
  const services = (): readonly string[] => rules().services.map(({ service }) => service.policy.name);
  const keeper =
    state && new BanKeeper({ ...{ file: state, table: bans.table, secret, prefixes, world, bus }, services });
  if (kept) keeper?.restore(kept);
  return { bans, keeper };
}

/** Clients of tcpmux; what they want is served on the floor that it is of. */
function makeMux(
  { binding, poller, world, bus }: FloorParts,
  { rules, floor }: { readonly rules: () => Rules; readonly floor: () => Floor },
): Mux {
  const nameOf = ({ connection }: Arrived): string =>
    rulesOf(rules(), connection.service).service.policy.name;
  const locals = new LocalEndpoints(binding);
  return new Mux({
    ...{ binding, poller, after: world.after },
    services: () => rules().services.map(({ service }) => service.policy),
    onLeft: (service) => floor().pacer.look(service),
    onTarget: (arrived, target) =>
      serveTarget(floor(), arrived, {
        ...target,
        local: () => locals.of(arrived.descriptor),
      }),
    onHelped: (arrived) =>
      bus.emit({ type: 'answered', service: nameOf(arrived), peer: arrived.connection.peer }),
    onFailed: ({ connection }, failure) => floor().failures.tell(connection, failure),
  });
}

/** Proxies; whom they bring is served on the floor that it is of. */
function makeProxyDoor(
  { binding, poller, world, gate }: FloorParts,
  { rules, floor }: { readonly rules: () => Rules; readonly floor: () => Floor },
): ProxyDoor {
  const policyOf = (service: number): ServicePolicy => rulesOf(rules(), service).service.policy;
  return new ProxyDoor({
    ...{ binding, poller, after: world.after, policyOf, gate },
    identify: (arrived, header) => byProxy(arrived, header, (key) => floor().counters.sourceOf(key)),
    serve: (arrived) => serve(floor(), arrived),
    onFailed: (connection, failure) => floor().failures.tell(connection, failure),
  });
}

/** For a stop: there is no verdict yet, and there will be none (promise 7). */
function turnOut({ connection, descriptor }: Guest, failures: Failures): void {
  descriptor?.close();
  failures.tell(connection, { step: 'stopping', code: undefined });
}

function letGo(floor: Floor): void {
  const { failures, questions, proxyDoor, mux, handshakes, talks, daemons, pools, relays, teller, farewell } =
    floor;
  for (const guest of questions.close()) turnOut(guest, failures);
  for (const each of [daemons, pools, proxyDoor, mux, handshakes, talks, relays, teller, farewell])
    each.close();
}

/** The daemons behind relays that are there on demand. */
function makeDaemons(parts: FloorParts, { lives, rules }: { lives: Lives; rules: () => Rules }): Daemons {
  const { binding, poller, link, world, children, nextId, onLaunch } = parts;
  return new Daemons({
    ...{ binding, poller, link, world, children, lives, nextId, onLaunch },
    idleStopMs: (service) => rulesOf(rules(), service).service.policy.redirect?.idleStopMs,
  });
}

function makeReporter({ world, bus }: FloorParts, nameOf: (service: number) => string): RefusalReporter {
  return new RefusalReporter({
    summary: new RefusalSummary(world.secret()[0] ?? 0),
    ...{ bus, after: world.after, nowMs: world.nowMs, nameOf },
  });
}

/** One after the other. */
function closeAll(
  [first, ...rest]: readonly ({ close(done: () => void): void } | undefined)[],
  done: () => void,
): void {
  const next = (): void => (rest.length > 0 ? closeAll(rest, done) : done());
  if (first) first.close(next);
  else next();
}

/** Puts together what connections meet on their way; the first policy has the sizes of its tables. */
export function layFloor(first: Rules, parts: FloorParts): Floor {
  const { binding, poller, world, bus, gate, tally, children, link, resolver, deciders } = parts;
  const { outlets, timings, onLaunch, hold } = parts;
  let rules = first;
  const current = (): Rules => rules;
  const { sources } = first.policy;
  const counters = new Counters({ sources, secret: world.secret() });
  const { bans, keeper } = makeBans(parts, { counters, rules: current });
  const teller = new Teller({ binding, poller, after: world.after });
  const farewell = new Farewell({ binding, after: world.after, teller });
  const nameOf = (service: number): string => rulesOf(rules, service).service.policy.name;
  const pauses = new Pauses({ gate, world, bus });
  const reporter = makeReporter(parts, nameOf);
  const failures = new Failures({ bus, reporter, nowMs: world.nowMs, nameOf });
  const questions = new Questions({ resolver, deciders, nowMs: world.nowMs });
  const idents = new Idents({ bus, resolver });
  const switches = new Switches({ bus, world, file: world.state });
  const pacer = makePacer(parts, { counters, switches, rules: current });
  const onEnd = (service: number): void => pacer.ended(service);
  const { state } = world;
  const endings = state && new EndingKeeper({ file: state, world, bus });
  const lives = new Lives({ children, link, world, rules: current, keeper: endings });
  const penalise = ({ service: index, peer }: Connection, outcome: PenaltyOutcome): void => {
    const { policy: service } = rulesOf(rules, index).service;
    const source = counters.sourceOf(addressKey(peer));
    if (service.penalties) bans.penalise({ service, index, peer, source }, outcome);
  };
  const onTimeOver = (connection: Connection): void => {
    if (isAnswerable(connection)) penalise(connection, 'time_limit');
  };
  const own = { binding, poller, world, bus, failures, lives, nameOf, onEnd, onTimeOver };
  const talks = new Talks({ ...own, resolver });
  const daemons = makeDaemons(parts, { lives, rules: current });
  const relays = new Relays({ ...own, outlets, daemons });
  const pools = new Pools({ ...parts, failures, lives, rules: current, onEnd, penalise });
  const standardErrors = new StandardErrors({ binding, poller, world, bus, nameOf });
  const handshakes = new Handshakes({ binding, poller, world });
  const floor: Floor = {
    alarm: new SourceAlarm(bus),
    mux: makeMux(parts, { rules: current, floor: () => floor }),
    proxyDoor: makeProxyDoor(parts, { rules: current, floor: () => floor }),
    ...{ lives, talks, relays, daemons, pools, teller, standardErrors, timings, failures, handshakes },
    answers: new Answers(world.secret()),
    destinations: new OriginalDestinations({ binding, nowMs: world.nowMs }),
    ...{ binding, counters, bans, switches, children, link, bus, world },
    ...{ questions, idents, farewell, outlets, onLaunch, hold },
    refusals: new Refusals({ idents, bus, bans, pauses, farewell, reporter, tally, nowMs: world.nowMs }),
    ...{ pacer, pauses },
    get rules(): Rules {
      return rules;
    },
    set rules(next: Rules) {
      rules = next;
    },
    close: () => {
      letGo(floor);
      reporter.flush();
    },
    keep: (done) => {
      pools.finish();
      standardErrors.close();
      handshakes.finish(() => closeAll([endings, keeper], done));
    },
  };
  return floor;
}
