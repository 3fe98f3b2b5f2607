/** What the kernel shows a filter of one call. */
export interface CallFacts {
  readonly number: number;
  readonly architecture: number;
  readonly arguments: readonly bigint[];
}

interface State {
  readonly data: DataView;
  accumulator: number;
  next: number;
}

interface Decoded {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly k: number;
}

export function decode(program: Uint8Array): Decoded[] {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  return Array.from({ length: program.byteLength / 8 }, (_, index) => ({
    code: view.getUint16(index * 8, true),
    ifTrue: view.getUint8(index * 8 + 2),
    ifFalse: view.getUint8(index * 8 + 3),
    k: view.getUint32(index * 8 + 4, true),
  }));
}

function seccompData(call: CallFacts): DataView {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.architecture, true);
  for (const [index, value] of call.arguments.entries()) data.setBigUint64(16 + 8 * index, value, true);
  return data;
}

/** One instruction of classic BPF, as Documentation/networking/filter.rst has it; the value of a return. */
function step(state: State, { code, ifTrue, ifFalse, k }: Decoded): number | undefined {
  state.next++;
  const branch = (taken: boolean): void => {
    state.next += taken ? ifTrue : ifFalse;
  };
  if (code === 0x06) return k;
  if (code === 0x20) state.accumulator = state.data.getUint32(k, true);
  else if (code === 0x54) state.accumulator = (state.accumulator & k) >>> 0;
  else if (code === 0x05) state.next += k;
  else if (code === 0x15) branch(state.accumulator === k);
  else if (code === 0x35) branch(state.accumulator >= k);
  else throw new Error(`The interpreter does not know the opcode ${code}`);
  return undefined;
}

/** What the program returns for this call. */
export function interpret(program: Uint8Array, call: CallFacts): number {
  const instructions = decode(program);
  const state: State = { data: seccompData(call), accumulator: 0, next: 0 };
  for (;;) {
    const instruction = instructions[state.next];
    if (!instruction) throw new Error(`The program ran out at ${state.next}`);
    const value = step(state, instruction);
    if (value !== undefined) return value;
  }
}
