import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { layer } from '../harness/layer.ts';
import { openPlace } from '../harness/open-place.ts';
import { sourceOf } from '../harness/prepare-sources.ts';
import { scratch } from '../harness/scratch.ts';
import { inetdScript } from './inetd-script.ts';
import { runSuite } from './run-suite.ts';

const INETD = '/usr/sbin/inetd';
/** Each asks the service once over IPv4 and once over IPv6, then changes its port and sends SIGHUP. */
const ROUNDS = 5;
const TIMEOUT_MS = 90_000;

/** What its configure would put into tools.sh. */
const TOOLS = {
  ...{ GREP: 'grep', EGREP: 'grep -E', FGREP: 'grep -F', SED: 'sed', DD: 'dd', MKTEMP: 'mktemp' },
  ...{ NETSTAT: 'false', TARGET: '127.0.0.1', TARGET6: '::1', TEST_IPV4: 'yes', TEST_IPV6: 'yes' },
};

/** Goes into the background, as this inetd does by itself, once it serves; the suite allows it two seconds. */
function inetd(log: string) {
  return inetdScript({
    dialect: 'gnu',
    body: (zinetd) => [
      `pidfile=\${1#-p}`,
      '[ $# -eq 2 ] && [ "$pidfile" != "$1" ] || { echo "inetd: Cannot map: $*" >&2; exit 64; }',
      `setsid ${zinetd} "$2" >${log} 2>&1 </dev/null &`,
      'echo $! >"$pidfile"',
      `until grep -q '"event":"ready"' ${log}; do kill -0 $! || exit 1; sleep 0.05; done`,
    ],
  });
}

/** The directory where the suite would have been built, with its two programs. */
function build(): string {
  const source = join(sourceOf('inetutils'), 'tests');
  const directory = scratch('inetutils');
  copyFileSync(join(source, 'tools.sh.in'), join(directory, 'tools.sh'));
  for (const name of ['tcpget', 'addrpeek']) {
    const flags = ['-Itest/suites/inetutils', '-o', join(directory, name)];
    execFileSync(process.env['CC'] ?? 'cc', [...flags, join(source, `${name}.c`)]);
  }
  return directory;
}

/** That it started, and two in each round; the first round is before the first SIGHUP. */
function casesOf(said: string): number {
  const [, reloads] = said.match(/^Passed (\d+) SIGHUP rounds\.$/m) ?? [];
  return reloads === undefined ? 1 : 1 + 2 * (Number(reloads) + 1);
}

const needs = [
  ...(['root', 'a network namespace', 'overlays'] as const),
  ...[{ source: 'inetutils' }, { program: 'cc' }],
];

describeWith("inetd.sh of GNU inetutils' suite", { needs }, () => {
  test('passes: an address of each kind at a port that SIGHUP changes', { timeout: TIMEOUT_MS }, async () => {
    const directory = build();
    const log = join(directory, 'log');
    const place = await openPlace({ over: [layer({ [INETD]: inetd(log) })] });
    // An empty VERBOSE makes it tell how far it came.
    const env = { ...TOOLS, INETD, USER: 'root', EXEEXT: '', VERBOSE: '' };
    const suite = join(sourceOf('inetutils'), 'tests/inetd.sh');
    const { status, stdout, account } = await runSuite(['sh', suite], { place, log, cwd: directory, env });
    const cases = casesOf(stdout);
    console.log(`inetutils: ${cases} cases`);
    expect(stdout, account).toContain('Successful testing.');
    expect(status, account).toBe(0);
    expect(cases).toBe(1 + 2 * ROUNDS);
  });
});
