import type { HandlerFilter } from '../model/handler-filter.ts';
import { type PathRule, SANDBOX_CALLS, type Sandbox, type SandboxCall } from '../model/sandbox.ts';
import type { Blob, Span } from './blob.ts';
import { handlerFilter } from './seccomp/handler-filter.ts';
import { machineArchitecture } from './seccomp/machine-architecture.ts';

const CALL_BYTES = 48;
const FILTER_BYTES = 8;
const PATH_BYTES = 16;
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

function writePaths(blob: Blob, rules: readonly PathRule[]): Span {
  const span = blob.rows(rules.length, PATH_BYTES);
  for (const [index, { path, ofDirectory, ofFile }] of rules.entries()) {
    const offset = span.offset + index * PATH_BYTES;
    blob.u32(offset, blob.string(path));
    blob.u32(offset + 4, ofDirectory);
    blob.u32(offset + 8, ofFile);
  }
  return span;
}

/** Of bytes JSON would make a map. */
function shorten(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
}

/** The sandbox of a variant: what its row has from `offset` on, and what that points to. */
export function writeSandbox(blob: Blob, offset: number, sandbox: Sandbox): void {
  const { namespaces, calls, filter, landlock } = sandbox;
  blob.u32(offset, namespaces);
  // Services that are kept from the same have the same.
  blob.span(
    offset + 4,
    blob.once(JSON.stringify(calls, shorten), () => writeCalls(blob, calls)),
  );
  blob.span(offset + 12, writeFilter(blob, filter));
  if (!landlock) return;
  blob.span(
    offset + 20,
    blob.once(JSON.stringify(landlock), () => writePaths(blob, landlock.rules)),
  );
  blob.u32(offset + 28, landlock.rights);
}
