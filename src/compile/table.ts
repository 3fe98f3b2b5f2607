import type { CgroupStep } from '../model/cgroup.ts';
import type { Config } from '../model/config.ts';
import { isMulticast } from '../model/is-multicast.ts';
import type { ListenScheme } from '../model/listen-address.ts';
import type { Outlet } from '../model/outlet.ts';
import { RLIMIT_NUMBERS, type Rlimit } from '../model/rlimit.ts';
import type { Listener, Program, Service } from '../model/service.ts';
import type { SocketOption } from '../model/socket-option.ts';
import { isArmable, isFilterLate, isMoulded } from './armable.ts';
import { Blob, type Span } from './blob.ts';
import { childrenOf } from './children-of.ts';
import { peerNameBits } from './peer-name-bits.ts';
import { programEnvironment } from './program-environment.ts';
import { encodeSockaddr } from './sockaddr.ts';
import { writeSandbox } from './write-sandbox.ts';

const TABLE_MAGIC = 0x424c545a; // "ZTLB"
const RECORD_BYTES = 72;
const LISTENER_BYTES = 152;
const OPTION_BYTES = 16;
const SERVICE_BYTES = 32;
const VARIANT_BYTES = 104;
const RLIMIT_BYTES = 24;
const OUTLET_BYTES = 136;
const CGROUP_BYTES = 16;
/** By number, as `enum cgroup_step` has them. */
const CGROUP_STEPS: readonly CgroupStep['step'][] = ['make', 'write', 'remove'];
const OUTLET_FILE = 0;
const OUTLET_SOCKET = 1;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_SEQPACKET = 5;
const SOCKET_TYPES: Readonly<Record<ListenScheme, number>> = {
  tcp: SOCK_STREAM,
  udp: SOCK_DGRAM,
  unix: SOCK_STREAM,
  'unix-dgram': SOCK_DGRAM,
  'unix-seqpacket': SOCK_SEQPACKET,
  vsock: SOCK_STREAM,
};
const PROTOCOLS: Readonly<Record<ListenScheme, number>> = {
  ...{ tcp: 6, udp: 17, unix: 0, 'unix-dgram': 0, 'unix-seqpacket': 0, vsock: 0 },
};
const IPPROTO_MPTCP = 262;
const LISTENER_WAIT = 1;
const LISTENER_PATH = 2;
const LISTENER_SHARED = 4;
const LISTENER_GROUP = 8;
const LISTENER_INHERITED = 16;
const SERVICE_MUX = 1;
const SERVICE_MUXED = 2;
const SERVICE_DESK = 4;
const SERVICE_ENDS = 8;
const NO_ID = 0xffff_ffff;
const VARIANT_IDENTITY = 1;
const VARIANT_NICE = 2;
const VARIANT_KEEPALIVE = 4;
const VARIANT_LINGER = 8;
const VARIANT_RELAYED = 16;
const VARIANT_SCOPED = 64;
const VARIANT_TOLD = 128;
const VARIANT_MUTE = 256;
const VARIANT_LISTENS = 512;
const VARIANT_BARE = 1024;
const VARIANT_ARMABLE = 2048;
const VARIANT_FILTER_LATE = 4096;
const VARIANT_MOULDED = 8192;
const TABLE_NEEDS_RESOLVER = 1;
const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;

function flagsOf(flags: readonly (readonly [isSet: boolean, flag: number])[]): number {
  return flags.reduce((sum, [isSet, flag]) => (isSet ? sum | flag : sum), 0);
}

function writeOptions(blob: Blob, options: readonly SocketOption[]): Span {
  const span = blob.rows(options.length, OPTION_BYTES);
  for (const [index, { level, name, value }] of options.entries()) {
    const offset = span.offset + index * OPTION_BYTES;
    blob.u32(offset, level);
    blob.u32(offset + 4, name);
    blob.u32(offset + 8, value);
  }
  return span;
}

function listenerFlags(listener: Listener, { isWaiting, builtin }: Service): number {
  const { scheme, owner, address } = listener;
  const isUdp = scheme === 'udp';
  if (listener.inherited) return LISTENER_INHERITED | (isWaiting ? LISTENER_WAIT : 0);
  return flagsOf([
    [isWaiting, LISTENER_WAIT],
    [owner !== undefined, LISTENER_PATH],
    [isUdp && !isWaiting && !builtin, LISTENER_SHARED],
    [isUdp && address.family !== 'path' && isMulticast(address.bytes), LISTENER_GROUP],
  ]);
}

function writeListener(
  blob: Blob,
  offset: number,
  { listener, service, index }: { listener: Listener; service: Service; index: number },
): void {
  const { address, backlog, options, isMptcp, owner, scheme, inherited } = listener;
  const sockaddr = encodeSockaddr(address);
  blob.u32(offset, index);
  blob.u32(offset + 4, backlog);
  blob.u32(offset + 8, listenerFlags(listener, service));
  blob.u32(offset + 12, sockaddr.length);
  blob.u16(offset + 16, SOCKET_TYPES[scheme]);
  blob.u16(offset + 18, isMptcp ? IPPROTO_MPTCP : PROTOCOLS[scheme]);
  blob.u32(offset + 20, inherited?.number ?? owner?.mode ?? 0);
  blob.u32(offset + 24, owner?.uid ?? NO_ID);
  blob.u32(offset + 28, owner?.gid ?? NO_ID);
  blob.span(offset + 32, writeOptions(blob, options));
  blob.set(offset + 40, sockaddr);
}

function limitValue(value: number): bigint {
  return value === Number.POSITIVE_INFINITY ? RLIM_INFINITY : BigInt(value);
}

function writeRlimits(blob: Blob, rlimits: readonly Rlimit[]): Span {
  const span = blob.rows(rlimits.length, RLIMIT_BYTES);
  for (const [index, limit] of rlimits.entries()) {
    const offset = span.offset + index * RLIMIT_BYTES;
    blob.u32(offset, RLIMIT_NUMBERS[limit.name]);
    blob.u64(offset + 8, limitValue(limit.soft));
    blob.u64(offset + 16, limitValue(limit.hard));
  }
  return span;
}

function variantFlags(program: Program, service: Service): number {
  const { identity, nice, keepalive, lingerSeconds, isRelayed, sandbox, stderr, listenName } = program;
  return flagsOf([
    [identity !== undefined, VARIANT_IDENTITY],
    [nice !== undefined, VARIANT_NICE],
    [keepalive, VARIANT_KEEPALIVE],
    [lingerSeconds !== undefined, VARIANT_LINGER],
    [isRelayed, VARIANT_RELAYED],
    [sandbox?.isScoped === true, VARIANT_SCOPED],
    [sandbox?.isBare === true, VARIANT_BARE],
    [stderr === 'log', VARIANT_TOLD],
    [stderr === 'none', VARIANT_MUTE],
    [listenName !== undefined, VARIANT_LISTENS],
    [isArmable(program, service), VARIANT_ARMABLE],
    [isFilterLate(program), VARIANT_FILTER_LATE],
    [isMoulded(program), VARIANT_MOULDED],
  ]);
}

function writeVariant(
  blob: Blob,
  offset: number,
  { program, service }: { program: Program; service: Service },
): void {
  const { identity, nice } = program;
  blob.u32(offset, blob.string(program.path));
  blob.u32(offset + 4, blob.string(program.cwd));
  blob.span(offset + 8, blob.strings(program.argv));
  blob.span(offset + 16, blob.strings(programEnvironment(program)));
  blob.span(offset + 24, blob.numbers(identity?.groups ?? []));
  blob.span(offset + 32, writeRlimits(blob, program.rlimits));
  blob.u32(offset + 40, identity?.uid ?? 0);
  blob.u32(offset + 44, identity?.gid ?? 0);
  blob.u32(offset + 48, variantFlags(program, service));
  blob.u32(offset + 52, program.umask);
  blob.u32(offset + 56, nice ?? 0);
  blob.u32(offset + 60, program.lingerSeconds ?? 0);
  blob.u32(offset + 64, peerNameBits(program));
  if (program.sandbox) writeSandbox(blob, offset + 68, program.sandbox);
}

function serviceFlags({ builtin, mux, desk, cgroup }: Service): number {
  return flagsOf([
    [builtin?.kind === 'tcpmux', SERVICE_MUX],
    [mux.length > 0, SERVICE_MUXED],
    [desk !== undefined, SERVICE_DESK],
    [cgroup?.isEnding === true, SERVICE_ENDS],
  ]);
}

function writeService(
  blob: Blob,
  offset: number,
  row: { service: Service; firstListener: number; firstVariant: number },
): void {
  blob.u32(offset, row.firstListener);
  blob.u32(offset + 4, row.service.listeners.length);
  blob.u32(offset + 8, row.firstVariant);
  blob.u32(offset + 12, row.service.programs.length);
  blob.u32(offset + 16, childrenOf(row.service));
  blob.u32(offset + 20, serviceFlags(row.service));
  blob.u32(offset + 24, blob.string(row.service.name));
  blob.u32(offset + 28, row.service.cgroup ? blob.string(row.service.cgroup.path) : 0);
}

function writeOutlet(blob: Blob, offset: number, outlet: Outlet): void {
  if (outlet.kind === 'file') {
    blob.u32(offset, OUTLET_FILE);
    blob.u32(offset + 4, outlet.mode);
    blob.u32(offset + 8, blob.string(outlet.path));
    return;
  }
  const sockaddr = encodeSockaddr(outlet.address);
  blob.u32(offset, OUTLET_SOCKET);
  blob.u32(offset + 12, sockaddr.length);
  blob.u16(offset + 16, SOCKET_TYPES[outlet.scheme]);
  blob.u16(offset + 18, PROTOCOLS[outlet.scheme]);
  blob.set(offset + 24, sockaddr);
}

function writeCgroups(blob: Blob, steps: readonly CgroupStep[]): Span {
  const span = blob.rows(steps.length, CGROUP_BYTES);
  for (const [index, step] of steps.entries()) {
    const offset = span.offset + index * CGROUP_BYTES;
    blob.u32(offset, CGROUP_STEPS.indexOf(step.step));
    blob.u32(offset + 4, blob.string(step.path));
    blob.u32(offset + 8, step.step === 'write' ? blob.string(step.text) : 0);
  }
  return span;
}

/**
 * The launch table of a configuration, in the format of src/native/spawner/format.h. Services, and the
 * listeners and programs of each, keep their order: dispatcher and spawner name them by index.
 */
export function encodeTable(config: Config): Uint8Array {
  const blob = new Blob(RECORD_BYTES);
  const services = [...config.services, ...config.desks];
  const listeners = services.flatMap((service, index) =>
    service.listeners.map((listener) => ({ listener, service, index })),
  );
  const programs = services.flatMap((service) => service.programs.map((program) => ({ program, service })));
  const listenerRows = blob.rows(listeners.length, LISTENER_BYTES);
  const serviceRows = blob.rows(services.length, SERVICE_BYTES);
  const variantRows = blob.rows(programs.length, VARIANT_BYTES);
  const outletRows = blob.rows(config.outlets.length, OUTLET_BYTES);
  for (const [index, row] of listeners.entries()) {
    writeListener(blob, listenerRows.offset + index * LISTENER_BYTES, row);
  }
  for (const [index, row] of programs.entries()) {
    writeVariant(blob, variantRows.offset + index * VARIANT_BYTES, row);
  }
  for (const [index, outlet] of config.outlets.entries()) {
    writeOutlet(blob, outletRows.offset + index * OUTLET_BYTES, outlet);
  }
  let firstListener = 0;
  let firstVariant = 0;
  for (const [index, service] of services.entries()) {
    const offset = serviceRows.offset + index * SERVICE_BYTES;
    writeService(blob, offset, { service, firstListener, firstVariant });
    firstListener += service.listeners.length;
    firstVariant += service.programs.length;
  }
  blob.span(16, listenerRows);
  blob.span(24, serviceRows);
  blob.span(32, variantRows);
  blob.span(40, outletRows);
  blob.span(48, writeCgroups(blob, config.cgroups?.steps ?? []));
  blob.span(56, writeCgroups(blob, config.cgroups?.end ?? []));
  blob.u32(64, config.cgroups ? blob.string(config.cgroups.root) : 0);
  return blob.finish(TABLE_MAGIC, config.needsResolver ? TABLE_NEEDS_RESOLVER : 0);
}
