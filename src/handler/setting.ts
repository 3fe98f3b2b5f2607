import { UsageError } from '../model/errors.ts';
import type { World } from './world.ts';

/** How this process was started: for one connection, with listening sockets, or with a channel that connections come by. */
export type Setting =
  | { readonly kind: 'inetd'; readonly fd: number }
  | { readonly kind: 'wait'; readonly fds: readonly number[] }
  | { readonly kind: 'pool'; readonly fd: number };

/** SD_LISTEN_FDS_START of sd_listen_fds(3). */
const FIRST_LISTED = 3;
const SOCK_STREAM = 1;
const SOCK_SEQPACKET = 5;
const MOST_ADDRESS_BYTES = 128;
/** What zinetd calls the channel in LISTEN_FDNAMES. */
const CHANNEL_NAME = 'pool';

type Kind = 'connection' | 'listener' | 'packets' | 'other';

/** As sd_listen_fds(3) counts them: what was meant for another process is none of ours. */
function listedFds({ environment, pid }: World): readonly number[] {
  const { LISTEN_FDS: text = '', LISTEN_PID: meant } = environment;
  if (meant !== String(pid) || !/^[0-9]{1,4}$/.test(text)) return [];
  return Array.from({ length: Number(text) }, (_, index) => FIRST_LISTED + index);
}

function kindOf({ binding }: World, fd: number): Kind {
  const facts = new Int32Array(4);
  if (binding.socketFacts(fd, facts, new Uint8Array(MOST_ADDRESS_BYTES)) < 0) return 'other';
  const [, type, , isListening] = facts;
  if (type === SOCK_STREAM) return isListening === 1 ? 'listener' : 'connection';
  return type === SOCK_SEQPACKET && isListening === 0 ? 'packets' : 'other';
}

/** Throws UsageError where this is none of the three. */
export function findSetting(world: World): Setting {
  const listed = listedFds(world);
  const fds = listed.length === 0 ? [0] : listed;
  const kinds = fds.map((fd) => kindOf(world, fd));
  if (kinds.every((kind) => kind === 'listener')) return { kind: 'wait', fds };
  const [fd = 0] = fds;
  const [kind] = kinds;
  if (fds.length === 1 && kind === 'connection') return { kind: 'inetd', fd };
  const isChannel = world.environment['LISTEN_FDNAMES'] === CHANNEL_NAME;
  if (fds.length === 1 && kind === 'packets' && isChannel) return { kind: 'pool', fd };
  const numbers = `descriptor${fds.length > 1 ? 's' : ''} ${fds.join(', ')}`;
  throw new UsageError(
    `Cannot serve ${numbers}: no connection, no listening socket and no channel of a pool (zinetd or another inetd has to start this program)`,
  );
}
