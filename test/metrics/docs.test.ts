import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAMILIES } from '../../src/metrics/families.ts';
import type { Family } from '../../src/metrics/family.ts';

const page = readFileSync('docs/reference/metrics.md', 'utf8');
const dashboard = readFileSync('examples/grafana-dashboard.json', 'utf8');

function shownName({ name, type }: Family): string {
  return type === 'counter' ? `${name}_total` : name;
}

/** The names of series, which a query has. */
function seriesNames(family: Family): readonly string[] {
  if (family.type !== 'histogram') return [shownName(family)];
  return ['_bucket', '_sum', '_count'].map((suffix) => `${family.name}${suffix}`);
}

function rowsUnder(heading: string): readonly (readonly [string, string])[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [text = ''] = section.split('\n## ');
  return [...text.matchAll(/^\| `(zinetd_\w+)` \| (\w+) \|/gm)].map(([, name = '', type = '']) => [
    name,
    type,
  ]);
}

test.each([
  ['Of each service', 'service'],
  ['Of the daemon', 'daemon'],
] as const)('docs/reference/metrics.md has under "%s" a row for each metric, and no other', (heading, of) => {
  const families = FAMILIES.filter((family) => family.of === of);
  expect([...rowsUnder(heading)].sort()).toEqual(
    families.map((family) => [shownName(family), family.type]).sort(),
  );
});

test('the dashboard asks for metrics that there are, and for each of them', () => {
  const asked = new Set([...dashboard.matchAll(/zinetd_\w+/g)].map(([name]) => name));
  const known = new Set(FAMILIES.flatMap(seriesNames));
  expect([...asked].filter((name) => !known.has(name))).toEqual([]);
  const unused = FAMILIES.filter((family) => !seriesNames(family).some((name) => asked.has(name)));
  expect(unused.map(({ name }) => name)).toEqual([]);
});

test('the dashboard has panels that Grafana can place', () => {
  const { panels } = JSON.parse(dashboard) as {
    readonly panels: readonly {
      readonly id: number;
      readonly gridPos: { readonly x: number; readonly w: number };
    }[];
  };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});
