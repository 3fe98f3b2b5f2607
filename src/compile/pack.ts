import { InvariantError } from '../model/errors.ts';

const MAGIC = 0x4c4f505a; // "ZPOL"
const HEADER_BYTES = 16;
const ALIGNMENT = 8;
/** JSON has none inside of a text. */
const NEW_LINE = 10;
/** Keys that no policy has; each stands alone in an object that means something else than itself. */
const ARRAY_KEY = '$array';
const NUMBER_KEY = '$number';

const KINDS = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float64Array } as const;
type KindName = keyof typeof KINDS;
type Numbers = InstanceType<(typeof KINDS)[KindName]>;

interface Reference {
  readonly kind: KindName;
  readonly offset: number;
  readonly length: number;
}

function kindOf(value: object): KindName | undefined {
  return (Object.keys(KINDS) as KindName[]).find((name) => value instanceof KINDS[name]);
}

function align(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** The typed arrays of a value, each once, and where they go. */
class Sections {
  readonly #offsets = new Map<Numbers, number>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  refer(array: Numbers, kind: KindName): Reference {
    const known = this.#offsets.get(array);
    const offset = known ?? this.#length;
    if (known === undefined) {
      this.#offsets.set(array, offset);
      this.#length = align(offset + array.byteLength);
    }
    return { kind, offset, length: array.length };
  }

  writeTo(bytes: Uint8Array): void {
    for (const [array, offset] of this.#offsets) {
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    }
  }
}

function plainOf(value: unknown, sections: Sections): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { [NUMBER_KEY]: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => plainOf(each, sections));
  const kind = ArrayBuffer.isView(value) ? kindOf(value) : undefined;
  if (kind !== undefined) return { [ARRAY_KEY]: sections.refer(value as Numbers, kind) };
  const plain: Record<string, unknown> = {};
  for (const key of Object.keys(value)) plain[key] = plainOf(value[key as keyof typeof value], sections);
  return plain;
}

/**
 * A value of plain objects, lists, texts, numbers and typed arrays as bytes, and more values behind it: a line of JSON
 * for each, and behind them the arrays as they are in memory, so that a table of a million rows costs nobody a parser.
 * An array that occurs twice is there once.
 */
export function pack(value: unknown, parts: readonly unknown[] = []): Uint8Array {
  const sections = new Sections();
  const lines = [value, ...parts].map((each) => JSON.stringify(plainOf(each, sections)));
  const json = new TextEncoder().encode(lines.join('\n'));
  const start = align(HEADER_BYTES + json.length);
  const bytes = new Uint8Array(start + sections.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.length, true);
  view.setUint32(8, bytes.length, true);
  bytes.set(json, HEADER_BYTES);
  sections.writeTo(bytes.subarray(start));
  return bytes;
}

/** In place, and by hand: for each value, JSON.parse takes longer to call somebody back than to parse it. */
function revive(value: unknown, arrays: { readonly buffer: ArrayBuffer; readonly start: number }): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (NUMBER_KEY in value) return Number(value[NUMBER_KEY]);
  if (ARRAY_KEY in value) {
    const { kind, offset, length } = value[ARRAY_KEY] as Reference;
    return new KINDS[kind](arrays.buffer, arrays.start + offset, length);
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const part = record[key];
    if (typeof part === 'object' && part !== null) record[key] = revive(part, arrays);
  }
  return record;
}

/** What `pack` was given, one after the other: whoever has others to look after takes them in turns. */
export function* unpackParts(bytes: Uint8Array): Generator<unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(8, true) !== bytes.length) {
    throw new InvariantError('Cannot read the policy: it is not what the compiler writes');
  }
  const end = HEADER_BYTES + view.getUint32(4, true);
  const arrays = { buffer: bytes.buffer as ArrayBuffer, start: bytes.byteOffset + align(end) };
  const decoder = new TextDecoder();
  for (let at = HEADER_BYTES; at < end; ) {
    const found = bytes.indexOf(NEW_LINE, at);
    const lineEnd = found < 0 || found > end ? end : found;
    yield revive(JSON.parse(decoder.decode(bytes.subarray(at, lineEnd))), arrays);
    at = lineEnd + 1;
  }
}

/** What `pack` was given first. */
export function unpack(bytes: Uint8Array): unknown {
  return unpackParts(bytes).next().value;
}
