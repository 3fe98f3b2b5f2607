import { constants } from 'node:os';
import { dispatcherLockdown } from '../compile/seccomp/dispatcher-lockdown.ts';
import { machineArchitecture } from '../compile/seccomp/machine-architecture.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { checked } from '../native/errno.ts';
import { loadBinding } from '../native/load.ts';
import { Poller } from '../native/poller.ts';
import { findUid } from './find-uid.ts';
import { nameServices } from './name-services.ts';
import { Resolver, type ResolverWorld } from './resolver.ts';
import { connectRpcbind, RPCBIND_PLACES } from './rpc/connect-rpcbind.ts';

/** Where the spawner puts its end of the channel. */
const CHANNEL_FD = 3;

/** The spawner alone decides about stopping; SIGUSR1 would open Node's inspector (S131). */
const IGNORED_SIGNALS = ['SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGPIPE'] as const;

/** What libuv takes without a word of ours (worker-commands.ts). */
const DEFAULT_THREADS = 4;

/**
 * libuv lets look-ups have half of its threads at once, and keeps the others for files. One more would wait where
 * nothing calls it off when nobody wants it any more.
 */
function lookupsOf(threads: number): number {
  return Math.floor((threads + 1) / 2);
}

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

const machine = (binding: Binding): ResolverWorld => ({
  services: nameServices,
  lookupsAtOnce: lookupsOf(Number(process.env['UV_THREADPOOL_SIZE'] ?? DEFAULT_THREADS)),
  now: () => performance.now(),
  after,
  connectRpcbind: () => connectRpcbind(RPCBIND_PLACES, after),
  owners: { findUid, userById: (uid) => binding.userById(uid) },
  exit: () => process.exit(0),
});

/**
 * The resolver process, as the spawner starts it: sandboxed from its first instruction, and, once all code is
 * loaded, unable to execute or fork anything.
 */
export function answerQuestions(): void {
  for (const signal of IGNORED_SIGNALS) process.on(signal, () => {});
  const binding = loadBinding();
  checked(binding.undumpable(), { call: 'protect', subject: 'the resolver' });
  const result = binding.lockDown(dispatcherLockdown(machineArchitecture()));
  // A kernel without seccomp was told of at the start, like every other lack.
  if (result !== -constants.errno.ENOSYS) checked(result, { call: 'lock down', subject: 'the resolver' });
  const channel = new Descriptor(binding, CHANNEL_FD);
  new Resolver({ binding, poller: new Poller(binding), channel, world: machine(binding) });
}
