import { InvariantError } from '../model/errors.ts';

const MAGIC = 0x4c4f505a; // "ZPOL"
const HEADER_BYTES = 16;
const ALIGNMENT = 8;
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

/**
 * A value of plain objects, lists, texts, numbers and typed arrays as bytes: JSON, and behind it the arrays as they
 * are in memory, so that a table of a million rows costs nobody a parser. An array that occurs twice is there once.
 */
export function pack(value: unknown): Uint8Array {
  const sections = new Sections();
  const text = JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'number' && !Number.isFinite(each)) return { [NUMBER_KEY]: String(each) };
    const kind = typeof each === 'object' && each !== null ? kindOf(each) : undefined;
    return kind === undefined ? each : { [ARRAY_KEY]: sections.refer(each as Numbers, kind) };
  });
  const json = new TextEncoder().encode(text);
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

/** What `pack` was given; its arrays are views into `bytes`. */
export function unpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(8, true) !== bytes.length) {
    throw new InvariantError('Cannot read the policy: it is not what the compiler writes');
  }
  const jsonLength = view.getUint32(4, true);
  const start = bytes.byteOffset + align(HEADER_BYTES + jsonLength);
  const text = new TextDecoder().decode(bytes.subarray(HEADER_BYTES, HEADER_BYTES + jsonLength));
  return JSON.parse(text, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null) return each;
    if (NUMBER_KEY in each) return Number(each[NUMBER_KEY]);
    if (!(ARRAY_KEY in each)) return each;
    const { kind, offset, length } = each[ARRAY_KEY] as Reference;
    return new KINDS[kind](bytes.buffer as ArrayBuffer, start + offset, length);
  });
}
