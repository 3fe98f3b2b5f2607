import type { Program } from '../model/service.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';

/** What sd_listen_fds(3) looks at. */
const SET_BY_US: ReadonlySet<string> = new Set(['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES']);

/** What the handler's socket is called where it is handed over as service managers do it; undefined: as inetd does it. */
export function listenNameOf({
  name,
  settings: { wait, listen_fds: setting },
}: LayeredService): string | undefined {
  return wait?.value === true && setting?.value === true ? name : undefined;
}

/** What contradicts `listen_fds`. */
export function checkListenFds(
  service: LayeredService,
  { report, program }: { readonly report: Report; readonly program: Program },
): void {
  const { listen_fds: setting, wait, env } = service.settings;
  const conflict = (reason: string, help?: string): void => {
    const message = `Cannot use "listen_fds" in service ${quote(service.name)}: ${reason}`;
    report.add({ code: 'config/conflict', at: placeOfSetting(service, setting), message, help });
  };
  if (setting?.value === true && service.own.has('listen_fds') && wait?.value !== true)
    conflict('without "wait: true" its handlers get connections, and never a socket that listens');
  if (program.listenName === undefined) return;
  if (program.stderr === 'socket')
    conflict('nobody is at the other end of a socket that listens', 'write "stderr: log" or "stderr: none"');
  const taken = program.env
    .map((entry) => entry.slice(0, entry.indexOf('=')))
    .filter((name) => SET_BY_US.has(name));
  for (const name of taken) {
    const message = `Cannot set ${quote(name)} for service ${quote(service.name)}: with "listen_fds" zinetd does`;
    report.add({ code: 'config/conflict', at: placeOfSetting(service, env), message });
  }
}
