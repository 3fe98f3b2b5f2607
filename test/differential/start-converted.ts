import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { launchLine } from '../harness/launch-line.ts';
import type { Place } from '../harness/open-place.ts';
import type { SuperServer, SuperServerOptions } from '../harness/super-server.ts';
import { serve } from './start-zinetd-with.ts';

/** What `zinetd convert` makes of the file, where its names and programs are. */
function convert(file: string, { enter }: Place): void {
  const command = [process.execPath, resolve('dist/main.js'), 'convert', '--from', 'xinetd', file];
  const [first = '', ...args] = launchLine(command, { prefix: enter });
  const { stdout, stderr } = spawnSync(first, args, { encoding: 'utf8', cwd: '/' });
  if (stdout === '') throw new Error(`Nothing became of ${file}: ${stderr}`);
  writeFileSync(`${file}.yaml`, `watch: false\n${stdout}`, { mode: 0o644 });
}

/** Starts zinetd with what an xinetd.conf was converted to, which is done again ahead of each reload. */
export async function startConverted({ place, file, log }: SuperServerOptions): Promise<SuperServer> {
  convert(file, place);
  const server = await serve({ place, log, foreign: { format: 'native', file: `${file}.yaml` } });
  return {
    ...server,
    signal: (name) => {
      convert(file, place);
      server.signal(name);
    },
  };
}
