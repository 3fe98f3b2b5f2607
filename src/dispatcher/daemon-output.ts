import { constants } from 'node:os';
import type { Binding } from '../native/binding.ts';
import type { ByteReader } from '../native/byte-reader.ts';
import { Descriptor } from '../native/descriptor.ts';
import { type Poller, READABLE } from '../native/poller.ts';

interface Parts {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly reader: ByteReader;
}

/**
 * What a daemon gets for descriptors 0 and 1, undefined if there is none to be had: it hears nothing, and what it says
 * is taken and thrown away, so that it never waits for somebody to read it.
 */
export function daemonOutput({ binding, poller, reader }: Parts): Descriptor | undefined {
  const pair = new Int32Array(2);
  if (binding.socketPair(pair) < 0) return undefined;
  const [ours, theirs] = Array.from(pair, (fd) => new Descriptor(binding, fd)) as [Descriptor, Descriptor];
  poller.watch(ours, {
    events: READABLE,
    watcher: () => {
      const { length } = reader.receive(ours.fd);
      if (length > 0 || length === -constants.errno.EAGAIN || length === -constants.errno.EINTR) return;
      poller.forget(ours);
      ours.close();
    },
  });
  return theirs;
}
