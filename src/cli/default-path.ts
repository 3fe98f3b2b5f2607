import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const ROOT = 0;
const FILE = 'zinetd/zinetd.yaml';

/** Where the configuration is unless -c says otherwise; the XDG directory when not root. */
export function defaultConfigPath(uid: number, environment: NodeJS.ProcessEnv): string {
  if (uid === ROOT) return join('/etc', FILE);
  const xdg = environment['XDG_CONFIG_HOME'] ?? '';
  // The XDG base directory specification: a relative path counts as unset.
  return join(isAbsolute(xdg) ? xdg : join(homedir(), '.config'), FILE);
}
