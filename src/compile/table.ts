import type { Endpoint } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { MOST_DECIDERS } from '../model/decision.ts';
import { RLIMIT_NUMBERS, type Rlimit } from '../model/rlimit.ts';
import type { Listener, Program, Service } from '../model/service.ts';
import { Blob, type Span } from './blob.ts';

const TABLE_MAGIC = 0x424c545a; // "ZTLB"
const RECORD_BYTES = 40;
const LISTENER_BYTES = 56;
const SERVICE_BYTES = 24;
const VARIANT_BYTES = 64;
const RLIMIT_BYTES = 24;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCKADDR_IN_BYTES = 16;
const SOCKADDR_IN6_BYTES = 28;
const LISTENER_V6ONLY = 1;
const VARIANT_IDENTITY = 1;
const VARIANT_NICE = 2;
const VARIANT_KEEPALIVE = 4;
const VARIANT_LINGER = 8;
const VARIANT_RELAYED = 16;
const TABLE_NEEDS_RESOLVER = 1;
/** The largest number that the table can hold. */
const UNBOUNDED = 0xffff_ffff;
const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;

/** A sockaddr as bind(2) takes it; what it says of the network is in network order. */
function writeAddress(blob: Blob, offset: number, { family, port, bytes, scopeId }: Endpoint): number {
  blob.u16(offset, family === 6 ? AF_INET6 : AF_INET);
  blob.set(offset + 2, Uint8Array.of(port >> 8, port & 0xff));
  blob.set(offset + (family === 6 ? 8 : 4), bytes);
  if (family === 6) blob.u32(offset + 24, scopeId);
  return family === 6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES;
}

function writeListener(blob: Blob, offset: number, row: { listener: Listener; service: number }): void {
  const { endpoint, backlog, v6only, keepalive } = row.listener;
  blob.u32(offset, row.service);
  blob.u32(offset + 4, backlog);
  blob.u32(offset + 8, endpoint.family === 6 && v6only ? LISTENER_V6ONLY : 0);
  blob.u32(offset + 12, writeAddress(blob, offset + 16, endpoint));
  blob.u16(offset + 48, keepalive?.idleSeconds ?? 0);
  blob.u16(offset + 50, keepalive?.intervalSeconds ?? 0);
  blob.u16(offset + 52, keepalive?.count ?? 0);
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

function flagsOf({ identity, nice, keepalive, lingerSeconds, isRelayed }: Program): number {
  const flags: readonly (readonly [boolean, number])[] = [
    [identity !== undefined, VARIANT_IDENTITY],
    [nice !== undefined, VARIANT_NICE],
    [keepalive, VARIANT_KEEPALIVE],
    [lingerSeconds !== undefined, VARIANT_LINGER],
    [isRelayed, VARIANT_RELAYED],
  ];
  return flags.reduce((sum, [isSet, flag]) => (isSet ? sum | flag : sum), 0);
}

function writeVariant(blob: Blob, offset: number, program: Program): void {
  const { identity, nice } = program;
  blob.u32(offset, blob.string(program.path));
  blob.u32(offset + 4, blob.string(program.cwd));
  blob.span(offset + 8, blob.strings(program.argv));
  blob.span(offset + 16, blob.strings(program.env));
  blob.span(offset + 24, blob.numbers(identity?.groups ?? []));
  blob.span(offset + 32, writeRlimits(blob, program.rlimits));
  blob.u32(offset + 40, identity?.uid ?? 0);
  blob.u32(offset + 44, identity?.gid ?? 0);
  blob.u32(offset + 48, flagsOf(program));
  blob.u32(offset + 52, program.umask);
  blob.u32(offset + 56, nice ?? 0);
  blob.u32(offset + 60, program.lingerSeconds ?? 0);
}

/** Handlers, and the programs that are asked about clients: the dispatcher holds the two apart. */
function childrenOf({ rules }: Service): number {
  const isAsking = rules.decide !== undefined && 'variant' in rules.decide.asks;
  const most = rules.instances.hard + (isAsking ? MOST_DECIDERS : 0);
  return Math.min(most, UNBOUNDED);
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
}

/**
 * The launch table of a configuration, in the format of src/native/spawner/format.h. Services, and the
 * listeners and programs of each, keep their order: dispatcher and spawner name them by index.
 */
export function encodeTable(config: Config): Uint8Array {
  const blob = new Blob(RECORD_BYTES);
  const listeners = config.services.flatMap((service, index) =>
    service.listeners.map((listener) => ({ listener, service: index })),
  );
  const programs = config.services.flatMap((service) => service.programs);
  const listenerRows = blob.rows(listeners.length, LISTENER_BYTES);
  const serviceRows = blob.rows(config.services.length, SERVICE_BYTES);
  const variantRows = blob.rows(programs.length, VARIANT_BYTES);
  for (const [index, row] of listeners.entries()) {
    writeListener(blob, listenerRows.offset + index * LISTENER_BYTES, row);
  }
  for (const [index, program] of programs.entries()) {
    writeVariant(blob, variantRows.offset + index * VARIANT_BYTES, program);
  }
  let firstListener = 0;
  let firstVariant = 0;
  for (const [index, service] of config.services.entries()) {
    const offset = serviceRows.offset + index * SERVICE_BYTES;
    writeService(blob, offset, { service, firstListener, firstVariant });
    firstListener += service.listeners.length;
    firstVariant += service.programs.length;
  }
  blob.span(16, listenerRows);
  blob.span(24, serviceRows);
  blob.span(32, variantRows);
  return blob.finish(TABLE_MAGIC, config.needsResolver ? TABLE_NEEDS_RESOLVER : 0);
}
