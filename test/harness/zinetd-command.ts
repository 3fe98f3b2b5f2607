import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestUser } from './identity.ts';

export interface ZinetdCommandOptions {
  /** Who is to start it; undefined: the one who runs the suite. */
  readonly as?: TestUser | undefined;
  /** Another directory with the program in it. */
  readonly install?: string | undefined;
  /** Another Node. */
  readonly node?: string | undefined;
}

/** Node and the program that was built, where that user can start them. */
export function zinetdCommand(options: ZinetdCommandOptions = {}): readonly string[] {
  const main = join(options.install ?? inject(options.as ? 'openInstall' : 'install'), 'dist/main.js');
  if (!existsSync(main)) throw new Error(`Cannot start zinetd: "${main}" does not exist (npm run build)`);
  return [options.node ?? (options.as ? inject('openNode') : process.execPath), main];
}
