import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Plan } from './plan.ts';

/** A basic block of the C sources: the n-th of its line. */
export interface Block {
  readonly file: string;
  readonly line: number;
  readonly nth: number;
  readonly address: number;
}

const SOURCES = 'src/native/';
const MOST_BYTES = 256 << 20;

/** Where the blocks of a program end: behind each call of __sanitizer_cov_trace_pc. */
function addressesOf(program: string): readonly number[] {
  const text = execFileSync('objdump', ['-d', '--no-show-raw-insn', program], {
    encoding: 'latin1',
    maxBuffer: MOST_BYTES,
  });
  const lines = text.split('\n').filter((line) => /^ +[0-9a-f]+:\t/.test(line));
  return lines.flatMap((line, at) =>
    /call.*<__sanitizer_cov_trace_pc/.test(line) ? [Number.parseInt(lines[at + 1] ?? '', 16)] : [],
  );
}

export function blocksOf(program: string): readonly Block[] {
  const addresses = addressesOf(program);
  const input = addresses.map((address) => (address - 1).toString(16)).join('\n');
  const places = execFileSync('addr2line', ['-e', program], {
    input,
    encoding: 'latin1',
    maxBuffer: MOST_BYTES,
  });
  const counts = new Map<string, number>();
  return places.split('\n').flatMap((place, at) => {
    const [, file, line] = /src\/native\/(\S+):(\d+)/.exec(place) ?? [];
    if (file === undefined || line === undefined) return [];
    const nth = (counts.get(`${file}:${line}`) ?? 0) + 1;
    counts.set(`${file}:${line}`, nth);
    return [{ file, line: Number(line), nth, address: addresses[at] ?? 0 }];
  });
}

/** What all these reached; the programs are looked at once. */
export class Coverage {
  readonly #blocks: Readonly<Record<'spawner' | 'addon', readonly Block[]>>;

  constructor(programs: { readonly spawner: string; readonly addon: string }) {
    this.#blocks = { spawner: blocksOf(programs.spawner), addon: blocksOf(programs.addon) };
  }

  of(plans: readonly Plan[]): Reached {
    const reached = new Reached();
    for (const object of ['spawner', 'addon'] as const)
      for (const plan of plans) reached.add(this.#blocks[object], plan.blocks(object));
    return reached;
  }
}

/** Lines at which a call that failed goes another way. */
const BRANCH = /-errno\b|\berrno\)|\bdie\(|\bmust\(|-ENOMEM\b/;

export interface Branch {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** How many blocks it has, and which of them were not reached. */
  readonly blocks: number;
  readonly missed: readonly number[];
}

/** What was reached of the C sources by all processes together. */
export class Reached {
  readonly #hits = new Map<string, boolean>();

  add(blocks: readonly Block[], bytes: Uint8Array): void {
    for (const { file, line, nth, address } of blocks) {
      const key = `${file}:${line}:${nth}`;
      this.#hits.set(key, (this.#hits.get(key) ?? false) || bytes[address] === 1);
    }
  }

  /** The lines that take another way where a call fails. */
  branches(): readonly Branch[] {
    const lines = new Map<string, { all: number; missed: number[] }>();
    for (const [key, isHit] of this.#hits) {
      const at = key.slice(0, key.lastIndexOf(':'));
      const entry = lines.get(at) ?? { all: 0, missed: [] };
      entry.all++;
      if (!isHit) entry.missed.push(Number(key.slice(key.lastIndexOf(':') + 1)));
      lines.set(at, entry);
    }
    return [...lines]
      .map(([at, { all, missed }]) => {
        const [file = '', line = ''] = at.split(':');
        return { file, line: Number(line), text: textOf(file, Number(line)), blocks: all, missed };
      })
      .filter(({ text }) => BRANCH.test(text))
      .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  }
}

const FILES = new Map<string, readonly string[]>();

function textOf(file: string, line: number): string {
  const lines = FILES.get(file) ?? readFileSync(`${SOURCES}${file}`, 'utf8').split('\n');
  FILES.set(file, lines);
  return lines[line - 1]?.trim() ?? '';
}
