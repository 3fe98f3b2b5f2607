import type { Program } from '../model/service.ts';

/** What is the same for all that it is started for; the spawner adds its pid to that of sd_listen_fds(3). */
export function programEnvironment({ env, listenName }: Program): readonly string[] {
  return listenName === undefined ? env : [...env, 'LISTEN_FDS=1', `LISTEN_FDNAMES=${listenName}`];
}
