import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { layer } from '../harness/layer.ts';
import { openPlace } from '../harness/open-place.ts';
import { UNPACKED } from '../harness/prepare-packages.ts';
import { sourceOf } from '../harness/prepare-sources.ts';
import { scratch } from '../harness/scratch.ts';
import { inetdScript } from './inetd-script.ts';
import { runSuite } from './run-suite.ts';

/** What the suite had when this was written; later ones may have more. */
const CASES_AT_LEAST = 21;
const TIMEOUT_MS = 90_000;

const HOSTS = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

function inetd(log: string) {
  return inetdScript({
    dialect: 'debian',
    body: (zinetd) => [
      '[ $# -eq 3 ] && [ "$1 $2" = "-d -i" ] || { echo "inetd: Cannot map: $*" >&2; exit 64; }',
      `exec ${zinetd} "$3" >${log} 2>&1`,
    ],
  });
}

/** The cases of a run: TAP's lines of results. */
function casesOf(tap: string): readonly string[] {
  return tap.match(/^(not )?ok \d+.*$/gm) ?? [];
}

const needs = [
  ...(['root', 'a network namespace', 'overlays'] as const),
  ...[{ source: 'openbsd-inetd' }, { program: 'try-from' }, { program: 'prove' }],
];

describeWith("the suite of Debian's openbsd-inetd", { needs }, () => {
  test('passes: tcp, tcp4, tcp6, tcp46, host names, and a line added by SIGHUP', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const work = scratch('openbsd-inetd');
    const log = join(work, 'log');
    const files = { '/etc/hosts': HOSTS, '/usr/sbin/inetd': inetd(log) };
    const place = await openPlace({ over: [layer(files), resolve(UNPACKED)] });
    const suite = join(sourceOf('openbsd-inetd'), 'debian/tests/everything');
    const { status, stdout, account } = await runSuite(['perl', suite], { place, log, cwd: work });
    const cases = casesOf(stdout);
    console.log(`openbsd-inetd: ${cases.length} cases`);
    expect(
      cases.filter((line) => line.startsWith('not')),
      account,
    ).toEqual([]);
    expect(stdout, account).toContain(`\n1..${cases.length}\n`);
    expect(status, account).toBe(0);
    expect(cases.length).toBeGreaterThanOrEqual(CASES_AT_LEAST);
  });
});
