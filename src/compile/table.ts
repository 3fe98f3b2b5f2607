import type { Config } from '../model/config.ts';
import { RLIMIT_NUMBERS, type Rlimit } from '../model/rlimit.ts';
import type { Listener, Program, Service } from '../model/service.ts';
import { Blob, type Span } from './blob.ts';

const TABLE_MAGIC = 0x424c545a; // "ZTLB"
const RECORD_BYTES = 40;
const LISTENER_BYTES = 40;
const SERVICE_BYTES = 24;
const VARIANT_BYTES = 64;
const RLIMIT_BYTES = 24;
const AF_INET = 2;
const AF_INET6 = 10;
const LISTENER_V6ONLY = 1;
const VARIANT_IDENTITY = 1;
const VARIANT_NICE = 2;
const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;

function writeListener(blob: Blob, offset: number, row: { listener: Listener; service: number }): void {
  const { endpoint, backlog, v6only } = row.listener;
  blob.u32(offset, row.service);
  blob.u16(offset + 4, endpoint.family === 6 ? AF_INET6 : AF_INET);
  blob.u16(offset + 6, endpoint.port);
  blob.u32(offset + 8, endpoint.scopeId);
  blob.u32(offset + 12, backlog);
  blob.u32(offset + 16, endpoint.family === 6 && v6only ? LISTENER_V6ONLY : 0);
  blob.set(offset + 24, endpoint.bytes);
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
  blob.u32(offset + 48, (identity ? VARIANT_IDENTITY : 0) | (nice === undefined ? 0 : VARIANT_NICE));
  blob.u32(offset + 52, program.umask);
  blob.u32(offset + 56, nice ?? 0);
}

function writeService(
  blob: Blob,
  offset: number,
  row: { service: Service; first: number; index: number },
): void {
  blob.u32(offset, row.first);
  blob.u32(offset + 4, row.service.listeners.length);
  blob.u32(offset + 8, row.index);
  blob.u32(offset + 12, 1);
  blob.u32(offset + 16, row.service.instances);
}

/**
 * The launch table of a configuration, in the format of src/native/spawner/format.h. Services, and the
 * listeners of each, keep their order: dispatcher and spawner name them by index.
 */
export function encodeTable(config: Config): Uint8Array {
  const blob = new Blob(RECORD_BYTES);
  const listeners = config.services.flatMap((service, index) =>
    service.listeners.map((listener) => ({ listener, service: index })),
  );
  const listenerRows = blob.rows(listeners.length, LISTENER_BYTES);
  const serviceRows = blob.rows(config.services.length, SERVICE_BYTES);
  const variantRows = blob.rows(config.services.length, VARIANT_BYTES);
  for (const [index, row] of listeners.entries()) {
    writeListener(blob, listenerRows.offset + index * LISTENER_BYTES, row);
  }
  let first = 0;
  for (const [index, service] of config.services.entries()) {
    writeService(blob, serviceRows.offset + index * SERVICE_BYTES, { service, first, index });
    writeVariant(blob, variantRows.offset + index * VARIANT_BYTES, service.program);
    first += service.listeners.length;
  }
  blob.span(16, listenerRows);
  blob.span(24, serviceRows);
  blob.span(32, variantRows);
  return blob.finish(TABLE_MAGIC);
}
