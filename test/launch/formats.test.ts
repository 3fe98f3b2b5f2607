import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REQUEST_TYPES } from '../../src/launch/request.ts';
import { EVENT_TYPES } from '../../src/launch/spawner-event.ts';
import { LAUNCH_STEPS } from '../../src/model/launch-step.ts';
import { PEER_NAMES } from '../../src/model/peer-names.ts';

const header = readFileSync('src/native/spawner/format.h', 'utf8');

/** The names of an enum of the header, with their numbers. */
function enumOf(prefix: string): [string, number][] {
  const body = header.match(new RegExp(`enum \\w+ \\{([^}]*\\b${prefix}_[^}]*)\\}`))?.[1] ?? '';
  let next = 0;
  return [...body.matchAll(new RegExp(`${prefix}_(\\w+)(?: = (\\d+))?`, 'g'))].map(
    ([, name = '', number]) => {
      const value = number === undefined ? next : Number(number);
      next = value + 1;
      return [name.toLowerCase(), value];
    },
  );
}

describe('TypeScript and C', () => {
  test('agree on the requests', () => {
    expect(Object.entries(REQUEST_TYPES)).toEqual(enumOf('REQUEST'));
  });

  test('agree on the events', () => {
    expect(EVENT_TYPES.map((name, index) => [name, index + 1])).toEqual(enumOf('EVENT'));
  });

  test('agree on the names that tell a handler of its client', () => {
    const [text = ''] = readFileSync('src/native/spawner/environment.c', 'utf8').split('\n};\n');
    const names = [...text.matchAll(/"([A-Z0-9_]+)="/g)].map(([, name]) => name);
    expect(names).toEqual(PEER_NAMES);
    expect(header).toContain(`#define PEER_NAMES ${PEER_NAMES.length}u`);
    expect(Math.max(...PEER_NAMES.map((name) => name.length + '='.length))).toBeLessThanOrEqual(23);
  });

  test('agree on the steps of a launch', () => {
    expect(LAUNCH_STEPS.map((name, index) => [name, index])).toEqual(enumOf('STEP'));
  });
});
