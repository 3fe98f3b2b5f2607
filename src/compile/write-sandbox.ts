import type { HandlerFilter } from '../model/handler-filter.ts';
import { SANDBOX_CALLS, type Sandbox, type SandboxCall } from '../model/sandbox.ts';
import type { Blob, Span } from './blob.ts';
import { handlerFilter } from './seccomp/handler-filter.ts';
import { machineArchitecture } from './seccomp/machine-architecture.ts';

const CALL_BYTES = 48;
const FILTER_BYTES = 8;
const CALL_LATE = 1;
const CALL_OPTIONAL = 2;

function writeCalls(blob: Blob, calls: readonly SandboxCall[]): Span {
  const rows = calls.map(({ args, ...call }) => ({
    ...call,
    args: args.map((arg) => (typeof arg === 'number' ? BigInt(arg) : BigInt(blob.text(arg)))),
  }));
  const span = blob.rows(calls.length, CALL_BYTES);
  for (const [index, { name, isLate, isOptional, args }] of rows.entries()) {
    const offset = span.offset + index * CALL_BYTES;
    blob.u32(offset, SANDBOX_CALLS.indexOf(name));
    blob.u32(offset + 4, (isLate ? CALL_LATE : 0) | (isOptional ? CALL_OPTIONAL : 0));
    for (const [number, arg] of args.entries()) blob.u64(offset + 8 + 8 * number, arg);
  }
  return span;
}

function writeFilter(blob: Blob, filter: HandlerFilter | undefined): Span {
  if (!filter) return blob.rows(0, FILTER_BYTES);
  return blob.once(JSON.stringify(filter), () =>
    blob.raw(handlerFilter(filter, machineArchitecture()), FILTER_BYTES),
  );
}

/** Of bytes JSON would make a map. */
function shorten(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
}

/** The sandbox of a variant: what its row has from `offset` on, and what that points to. */
export function writeSandbox(blob: Blob, offset: number, { namespaces, calls, filter }: Sandbox): void {
  blob.u32(offset, namespaces);
  // Services that are kept from the same have the same.
  blob.span(
    offset + 4,
    blob.once(JSON.stringify(calls, shorten), () => writeCalls(blob, calls)),
  );
  blob.span(offset + 12, writeFilter(blob, filter));
}
