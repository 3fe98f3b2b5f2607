import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { check, checkTheEnd } from './lifecycle/check.ts';
import { anyCommands, anyShapes } from './lifecycle/commands.ts';
import { Model } from './lifecycle/model.ts';
import { Scene } from './lifecycle/scene.ts';

const isLong = process.env['ZINETD_LONG'] === '1';
const RUNS = isLong ? 2000 : 40;

/** What a service can be, why its listener may rest, and why somebody is refused. */
const ALL = [
  ...['serving', 'paused', 'suspended', 'draining', 'disabled'],
  ...['busy', 'descriptors', 'queue:cps', 'queue:instances'],
  ...[
    'banned',
    'connections per second',
    'per_source_limit',
    'per_source_rate',
    'process_limit',
    'service_limit',
  ],
];

/** It takes a crowd, and a service that lets one in. */
const RARE = 'launches-of-one';

describe('the life of services', () => {
  test(
    'is what a model of it says, whatever happens in whatever order (promise 7, S9, S10)',
    () => {
      const met = new Set<string>();
      const file = join(scratch('model'), 'policy');
      fc.assert(
        fc.property(anyShapes, fc.constantFrom(6, 60), anyCommands, (shapes, maxProcesses, commands) => {
          const scene = new Scene(shapes, { maxProcesses, file });
          const model = new Model(shapes, { maxProcesses, now: scene.world.timeMs, met });
          check(model, scene);
          fc.modelRun(() => ({ model, real: scene }), commands);
          checkTheEnd(model, scene);
        }),
        { numRuns: RUNS },
      );
      expect([...met].filter((it) => it !== RARE).sort()).toEqual([...ALL].sort());
      if (isLong) expect(met).toContain(RARE);
    },
    isLong ? 1_200_000 : 60_000,
  );
});
