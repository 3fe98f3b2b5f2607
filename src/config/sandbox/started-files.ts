import { closeSync, openSync, readSync, realpathSync } from 'node:fs';

/** Of the kernel, which reads no more of a script; the headers of an ELF file are ahead of it as well. */
const HEAD_BYTES = 4096;
/** A script of a script of a script, and the loader: the kernel follows five. */
const MOST_FILES = 6;
const PT_INTERP = 3;
const ELF_64_LITTLE = '\x7fELF\x02\x01';

function headOf(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}

/** elf(5): the loader that the program header of its kind names. */
function loaderOf(head: Buffer): string | undefined {
  const [offset, size, count] = [
    Number(head.readBigUInt64LE(32)),
    head.readUInt16LE(54),
    head.readUInt16LE(56),
  ];
  for (let row = offset, left = count; left > 0; left--, row += size) {
    if (head.readUInt32LE(row) !== PT_INTERP) continue;
    const at = Number(head.readBigUInt64LE(row + 8));
    const length = Number(head.readBigUInt64LE(row + 32));
    return head.toString('latin1', at, at + length - 1);
  }
  return undefined;
}

/** What the kernel starts instead of a file, if it does: the interpreter of a script, or the loader of a program. */
function starterOf(path: string): string | undefined {
  const head = headOf(path);
  const text = head.toString('latin1');
  if (text.startsWith(ELF_64_LITTLE)) return loaderOf(head);
  return /^#![ \t]*([^ \t\n]+)/.exec(text)?.[1];
}

/**
 * The files that must be executable for a program to start, without links: itself, the interpreters of scripts, and the
 * loader, which maps it and its libraries. What cannot be read, or is of no form that is known here, ends the list.
 */
export function startedFiles(program: string): readonly string[] {
  const files: string[] = [];
  try {
    for (let path: string | undefined = program; path?.startsWith('/') && files.length < MOST_FILES; ) {
      files.push(realpathSync(path));
      path = starterOf(path);
    }
  } catch {
    // Others say why a program cannot be started.
  }
  return files;
}
