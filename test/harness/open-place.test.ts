import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from './describe-with.ts';
import { layer } from './layer.ts';
import { openPlace } from './open-place.ts';
import { runProgram } from './run-program.ts';

describeWith('a place of its own', { needs: ['root', 'a network namespace', 'overlays'] }, () => {
  test('has the files that are laid over those of the machine', async () => {
    const greet = { script: '#!/bin/sh\ncat /etc/greeting\n' };
    const over = [
      layer({ '/etc/greeting': 'hello\n', '/usr/bin/greet': greet }),
      layer({ '/etc/greeting': 'no' }),
    ];
    const { enter } = await openPlace({ over });
    expect(await runProgram([...enter, 'greet'])).toEqual({ status: 0, stdout: 'hello\n', stderr: '' });
    expect(existsSync('/usr/bin/greet')).toBe(false);
  });

  test('keeps to itself what is written there', async () => {
    const over = [layer({ '/etc/greeting': 'hello\n' })];
    const { enter } = await openPlace({ over, ownTmp: true });
    const paths = ['/etc', '/tmp', '/run'].map((directory) => join(directory, `zinetd-${process.pid}`));
    const { status, stderr } = await runProgram([...enter, 'touch', ...paths]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
  });
});
