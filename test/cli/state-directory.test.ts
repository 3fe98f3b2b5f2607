import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareStateDirectory } from '../../src/cli/state-directory.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';

const ownUid = process.getuid?.() ?? 0;
/** Whose the dispatcher is: nobody else's when root runs the suite. */
const holderUid = isRoot ? 61_182 : ownUid;
const owners = { ownerUid: ownUid, holderUid };
const NOBODY = 65_534;

function prepare(path: string): string | undefined {
  return prepareStateDirectory(path, owners);
}

describe('a state directory', () => {
  test('is made with all that leads to it, for the dispatcher alone, and found again', () => {
    const parent = join(scratch('state'), 'share');
    const path = join(parent, 'zinetd');
    expect(prepare(path)).toBeUndefined();
    const { uid, mode } = statSync(path);
    expect({ uid, mode: mode & 0o7777 }).toEqual({ uid: holderUid, mode: 0o700 });
    expect(statSync(parent).uid).toBe(ownUid);
    expect(prepare(path)).toBeUndefined();
  });

  test('is not a link, a file or a FIFO, and what is there stays as it is (S111)', async () => {
    const home = scratch('state');
    const target = join(home, 'target');
    mkdirSync(target);
    symlinkSync(target, join(home, 'link'));
    symlinkSync(join(home, 'nothing'), join(home, 'dangling'));
    writeFileSync(join(home, 'file'), '');
    await runProgram(['mkfifo', join(home, 'fifo')]);
    const before = readdirSync(home).map((name) => lstatSync(join(home, name)));
    for (const name of ['link', 'dangling', 'file', 'fifo']) {
      expect(prepare(join(home, name))).toBe(`"${join(home, name)}" is not a directory`);
    }
    const after = readdirSync(home).map((name) => lstatSync(join(home, name)));
    expect(after.map(({ uid, mode }) => ({ uid, mode }))).toEqual(
      before.map(({ uid, mode }) => ({ uid, mode })),
    );
  });

  test('is in no place where others could put another (S111)', () => {
    const home = scratch('state');
    chmodSync(home, 0o777);
    expect(prepare(join(home, 'zinetd'))).toMatch(/writable/);
    expect(readdirSync(home)).toEqual([]);
    mkdirSync(join(home, 'made'));
    expect(prepare(join(home, 'made'))).toMatch(/writable/);
    expect(statSync(join(home, 'made')).uid).toBe(ownUid);
  });

  test('is not writable by others (S111)', () => {
    const path = join(scratch('state'), 'zinetd');
    expect(prepare(path)).toBeUndefined();
    chmodSync(path, 0o770);
    expect(prepare(path)).toBe(`"${path}" is writable by others`);
  });
});

describeWith('a state directory for root', { needs: ['root'] }, () => {
  test('is given away only when it is empty', () => {
    const path = scratch('state');
    writeFileSync(join(path, 'passwd'), '');
    expect(prepare(path)).toBe(`"${path}" belongs to root and is not empty`);
    expect(statSync(path).uid).toBe(0);
  });

  test('is of nobody else (S111)', () => {
    const path = scratch('state');
    chownSync(path, NOBODY, NOBODY);
    expect(prepare(path)).toBe(`"${path}" belongs to uid ${NOBODY}, not to uid ${holderUid}`);
    expect(statSync(path).uid).toBe(NOBODY);
  });
});
