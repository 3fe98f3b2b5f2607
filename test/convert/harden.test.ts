import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { newBudget } from '../../src/config/budget.ts';
import { plainValue } from '../../src/config/plain-value.ts';
import { Report } from '../../src/config/report.ts';
import { makeSource } from '../../src/config/source.ts';
import { parseSyntax } from '../../src/config/syntax.ts';
import { harden } from '../../src/convert/harden.ts';

type Attributes = Readonly<Record<string, unknown>>;

function hardened(services: unknown) {
  const source = makeSource('z.yaml', stringify({ version: 1, services }));
  const root = parseSyntax(source, { report: new Report({ leavesOut: false }), budget: newBudget() });
  if (root?.kind !== 'map') throw new Error('No map');
  const result = harden(root);
  const plain = structuredClone(plainValue(result.root)) as { services: Record<string, Attributes> };
  return { services: plain.services, proposals: result.proposals };
}

/** A service that names nobody, with what was proposed for it. */
function one(attributes: Attributes) {
  const { services, proposals } = hardened({ it: { user: 'nobody', ...attributes } });
  return { it: services['it'] ?? {}, attributes: proposals.map(({ attribute }) => attribute) };
}

const program = { server: '/bin/cat' };

describe('--mode extended proposes', () => {
  test('for a program the mode, a limit for each source, and standard error to the log', () => {
    expect(one(program)).toEqual({
      it: { user: 'nobody', ...program, mode: 'extended', per_source: 10, stderr: 'log' },
      attributes: ['mode: extended', 'per_source: 10', 'stderr: log'],
    });
  });

  test('that one that runs as root keeps its privileges, by name and by number', () => {
    for (const user of ['root', 0]) expect(one({ ...program, user }).it).toMatchObject({ mode: 'inetd' });
  });

  test('that one that waits finds its socket where it was, and has no limit for a source', () => {
    const { it } = one({ ...program, wait: true });
    expect(it).toMatchObject({ mode: 'extended', listen_fds: false });
    expect(it).not.toHaveProperty('per_source');
  });

  test.each([
    [1, 1],
    [5, 2],
    [100, 10],
    ['UNLIMITED', 10],
  ])('of %s instances at most %i for one source', (instances, per_source) => {
    expect(one({ ...program, instances }).it).toMatchObject({ per_source });
  });

  test('nothing where something is written, but that no limit is none', () => {
    const written = { ...program, mode: 'inetd', per_source: 3, stderr: 'socket' };
    expect(one(written).attributes).toEqual([]);
    expect(one({ ...written, per_source: 'UNLIMITED' }).attributes).toEqual(['per_source: 10']);
  });

  test('for a service without a program a limit alone', () => {
    expect(one({ builtin: 'echo' }).attributes).toEqual(['per_source: 10']);
  });

  test('nothing for what is no service', () => {
    expect(hardened({ it: 7 })).toEqual({ services: { it: 7 }, proposals: [] });
    expect(hardened([]).proposals).toEqual([]);
  });
});
