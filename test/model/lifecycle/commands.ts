import fc from 'fast-check';
import { LAUNCH_STEPS } from '../../../src/model/launch-step.ts';
import { check } from './check.ts';
import type { Model, ServiceModel } from './model.ts';
import { endpointOf, type Scene } from './scene.ts';
import type { Shape } from './shape.ts';
import { type FakeChild, whoOf } from './spawner.ts';

type Command = fc.Command<Model, Scene>;

/** What is done to both, after which they are compared. */
interface Deed {
  readonly does: string;
  readonly isPossible?: (model: Model) => boolean;
  readonly run: (model: Model, scene: Scene) => void;
}

function command({ does, isPossible = () => true, run }: Deed): Command {
  return {
    // It is asked only.
    check: (model) => isPossible(model as Model),
    run: (model, scene) => {
      run(model, scene);
      check(model, scene);
    },
    toString: () => does,
  };
}

/** Of those that there are, one by a number of any size. */
function pick<T>(all: readonly T[], number: number): T | undefined {
  return all[number % Math.max(all.length, 1)];
}

let nextPort = 1;

interface Coming {
  readonly service: number;
  readonly source: number;
  readonly count: number;
  readonly isGone: boolean;
}

function come(model: Model, scene: Scene, { service: number, source, count, isGone }: Coming): void {
  const service = pick(model.present, number);
  const listener = service && scene.spawner.listenerOf(service.shape.name);
  if (!service || !listener) return;
  for (let time = 0; time < count; time++) {
    const port = 1 + (nextPort++ % 65_000);
    listener.queue.push({ from: endpointOf(source, port), isGone });
    service.queue.push({ source, port, isGone, socket: service.socket });
  }
  scene.settle();
  model.settle();
}

const anyService = fc.nat(7);
const anySource = fc.integer({ min: 1, max: 4 });

const connects = fc
  .record({
    ...{
      service: anyService,
      source: anySource,
      isGone: fc.integer({ min: 0, max: 5 }).map((die) => die === 0),
    },
    count: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }) },
      fc.integer({ min: 4, max: 40 }),
    ),
  })
  .map((coming) =>
    command({
      does: `connect(${JSON.stringify(coming)})`,
      run: (model, scene) => come(model, scene, coming),
    }),
  );

/** As many as one service may have in the middle of being launched, from everywhere. */
const crowds = anyService.map((service) =>
  command({
    does: `crowd(${service})`,
    run: (model, scene) => {
      for (let source = 1; source <= 4; source++)
        come(model, scene, { service, source, count: 10, isGone: false });
    },
  }),
);

/** The packet of the launch is refused by the kernel, for want of memory. */
const loses = fc.record({ service: anyService, source: anySource }).map((who) =>
  command({
    does: `connect without memory(${JSON.stringify(who)})`,
    isPossible: ({ isBusy }) => !isBusy,
    run: (model, scene) => {
      model.isShortOfMemory = true;
      scene.spawner.kernel.shortOfMemory = 1;
      come(model, scene, { ...who, count: 1, isGone: false });
      model.isShortOfMemory = false;
      scene.spawner.kernel.shortOfMemory = 0;
    },
  }),
);

/** accept(2) finds no descriptor, once or more, with somebody at the door. */
const starves = fc.record({ service: anyService, times: fc.integer({ min: 1, max: 3 }) }).map((it) =>
  command({
    does: `EMFILE(${JSON.stringify(it)})`,
    run: (model, scene) => {
      const service = pick(model.present, it.service);
      const listener = service && scene.spawner.listenerOf(service.shape.name);
      if (!service || !listener) return;
      service.failing += it.times;
      listener.failing += it.times;
      come(model, scene, { service: it.service, source: 1, count: 1, isGone: false });
    },
  }),
);

function about(
  does: string,
  children: (all: readonly FakeChild[]) => readonly FakeChild[],
  run: (at: {
    readonly child: FakeChild;
    readonly service: ServiceModel;
    readonly model: Model;
    readonly scene: Scene;
  }) => void,
) {
  return (number: number): Command =>
    command({
      does: `${does}(${number})`,
      run: (model, scene) => {
        const child = pick(children(scene.spawner.children), number);
        if (!child) return;
        run({ child, service: model.of(child.name), model, scene });
      },
    });
}

const unborn = (all: readonly FakeChild[]): readonly FakeChild[] => all.filter(({ pid }) => pid === 0);
const born = (all: readonly FakeChild[]): readonly FakeChild[] => all.filter(({ pid }) => pid !== 0);

const launches = fc.nat(99).map(
  about('launched', unborn, ({ child, service, model, scene }) => {
    scene.spawner.launched(child);
    scene.settle();
    model.launched(service, whoOf(child));
  }),
);

const STEPS = LAUNCH_STEPS.filter((step) => step !== 'none');
const failures = fc
  .record({ number: fc.nat(99), step: fc.constantFrom(...STEPS), errno: fc.constantFrom(1, 2, 11, 12) })
  .chain((how) =>
    fc.constant(
      about(`failed at ${how.step}`, unborn, ({ child, service, model, scene }) => {
        scene.spawner.failed(child, how);
        scene.settle();
        model.failed(service, whoOf(child));
      })(how.number),
    ),
  );

const SIGSEGV = 11;

/** As of wait(2): by a status, or by a signal. */
const exits = fc
  .record({ number: fc.nat(99), status: fc.constantFrom(0, 256, 9, 15, SIGSEGV) })
  .chain((how) =>
    fc.constant(
      about(`exited with ${how.status}`, born, ({ child, service, model, scene }) => {
        scene.spawner.exited(child, how.status);
        scene.settle();
        model.exited(service, { ...whoOf(child), hasCrashed: how.status === SIGSEGV });
      })(how.number),
    ),
  );

const passes = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 4000 })).map((ms) =>
  command({
    does: `pass(${ms} ms)`,
    run: (model, scene) => {
      scene.pass(ms);
      model.pass(ms);
    },
  }),
);

/** The spawner reads no requests for a while: they wait here, and are not lost. */
const busies = fc.constant(null).map(() =>
  command({
    does: 'spawner busy, or not any more',
    run: (model, scene) => {
      model.isBusy = !model.isBusy;
      scene.spawner.kernel.isBusy = model.isBusy;
      scene.settle();
    },
  }),
);

const orders = fc
  .record({ method: fc.constantFrom('enable', 'disable', 'drain'), service: anyService })
  .map(({ method, service: number }) =>
    command({
      does: `${method}(${number})`,
      run: (model, scene) => {
        const service = pick(model.present, number);
        if (!service || (method === 'drain' && service.drainLookAt !== undefined)) return;
        const { name } = service.shape;
        scene.ask(method, { service: name });
        if (method === 'drain') model.drain(name);
        else service.isEnabled = method === 'enable';
        model.settle();
      },
    }),
  );

const bans = fc
  .record({ source: anySource, forMs: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }) })
  .map(({ source, forMs }) =>
    command({
      does: forMs === undefined ? `unban(${source})` : `ban(${source}, ${forMs} ms)`,
      run: (model, scene) => {
        const params = { source: `192.0.2.${source}` };
        if (forMs === undefined) scene.ask('unban', params);
        else scene.ask('ban', { ...params, forMs });
        if (forMs === undefined) model.charges.delete(source);
        else model.charges.set(source, { until: model.now + forMs, isBan: true });
      },
    }),
  );

/** Names come back, each as it was: with a handler for each connection, or one for the listener. */
const KINDS = { ask: 'stream', beep: 'stream', chat: 'stream', dump: 'wait', errlog: 'datagram' } as const;

export const anyShapes: fc.Arbitrary<readonly Shape[]> = fc
  .shuffledSubarray(Object.keys(KINDS) as (keyof typeof KINDS)[], { minLength: 1 })
  .chain((names) => fc.tuple(...names.map(shapeOf)));

function shapeOf(name: keyof typeof KINDS): fc.Arbitrary<Shape> {
  return fc.record({
    name: fc.constant(name),
    port: fc.constantFrom(7000, 7001).map((port) => port + 10 * Object.keys(KINDS).indexOf(name)),
    isWaiting: fc.constant(KINDS[name] !== 'stream'),
    isDatagram: fc.constant(KINDS[name] === 'datagram'),
    instances: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(50)),
    atInstances: fc.constantFrom('reject', 'queue'),
    perSource: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 2 }),
    cps: fc.option(fc.constantFrom(1, 3, 7), { nil: undefined, freq: 2 }),
    ratePerSource: fc.option(fc.constantFrom(2, 5), { nil: undefined, freq: 2 }),
    crashMs: fc.option(fc.constantFrom(900, 2500), { nil: undefined, freq: 2 }),
    atCps: fc.constantFrom('reject', 'queue', 'suspend'),
  });
}

const reloads = anyShapes.map((shapes) =>
  command({
    does: `reload(${JSON.stringify(shapes)})`,
    isPossible: ({ isBusy }) => !isBusy,
    run: (model, scene) => {
      scene.reload(shapes);
      model.reload(shapes);
    },
  }),
);

export const anyCommands: fc.Arbitrary<Iterable<Command>> = fc.commands(
  [
    connects,
    connects,
    connects,
    crowds,
    loses,
    starves,
    launches,
    launches,
    failures,
    exits,
    exits,
    passes,
    busies,
    orders,
    bans,
    reloads,
  ],
  { maxCommands: 50, size: 'max' },
);
