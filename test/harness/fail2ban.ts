import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNPACKED } from './prepare-packages.ts';
import { program } from './program.ts';
import { scratch } from './scratch.ts';

/** The lines of a log that a filter takes for failures: that for xinetd, as the package has it, or the text of another. */
export function matchedByFail2ban(lines: readonly string[], text?: string): readonly string[] {
  const root = existsSync(join(UNPACKED, 'etc/fail2ban')) ? join(process.cwd(), UNPACKED) : '/';
  const configuration = join(root, 'etc/fail2ban');
  const directory = scratch('fail2ban');
  const log = join(directory, 'zinetd.log');
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''));
  const own = join(directory, 'own.conf');
  if (text !== undefined) writeFileSync(own, text);
  const filter = text === undefined ? join(configuration, 'filter.d/xinetd-fail.conf') : own;
  const args = ['-c', configuration, '--usedns=no', '--print-all-matched', '--print-no-missed', log, filter];
  const env = { PATH: '/usr/bin:/bin', PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') };
  const output = execFileSync(program('fail2ban-regex') ?? '', args, { env, encoding: 'utf8' });
  return Array.from(
    output.matchAll(/^\| {2}((?:\d+\/|[A-Z][a-z]{2} ).* FAIL: .*)$/gm),
    ([, line = '']) => line,
  );
}
