import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const ROOT = 0;
const FILE = 'zinetd/zinetd.yaml';
const NAME = 'zinetd';

/** Container engines give the root as well to a user that has neither HOME nor a passwd entry. */
function home(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

/** The XDG base directory specification: a relative path counts as unset. */
function xdgDirectory(variable: string | undefined, standard: string): string {
  return variable !== undefined && isAbsolute(variable) ? variable : join(home(), standard);
}

/** Where the configuration is unless -c says otherwise; the XDG directory when not root. */
export function defaultConfigPath(uid: number, environment: NodeJS.ProcessEnv): string {
  if (uid === ROOT) return join('/etc', FILE);
  return join(xdgDirectory(environment['XDG_CONFIG_HOME'], '.config'), FILE);
}

/** Where the state is unless --state-dir says otherwise. */
export function defaultStateDirectory(uid: number, environment: NodeJS.ProcessEnv): string {
  if (uid === ROOT) return join('/var/lib', NAME);
  return join(xdgDirectory(environment['XDG_STATE_HOME'], '.local/state'), NAME);
}

/** Where operators talk to zinetd unless --control says otherwise; not root and no XDG_RUNTIME_DIR: nowhere. */
export function defaultControlPath(uid: number, environment: NodeJS.ProcessEnv): string | undefined {
  if (uid === ROOT) return join('/run', NAME, 'control');
  const runtime = environment['XDG_RUNTIME_DIR'];
  return runtime !== undefined && isAbsolute(runtime) ? join(runtime, NAME, 'control') : undefined;
}
