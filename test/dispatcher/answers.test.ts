import { expect, test } from 'vitest';
import { Answers } from '../../src/dispatcher/answers.ts';

test('a port is one that answers come from as long as one of its sockets is open (S64)', () => {
  const answers = new Answers(Uint32Array.of(1, 2, 3, 4));
  const closeFirst = answers.open(7);
  const closeSecond = answers.open(7);
  answers.open(9);
  closeFirst();
  expect([answers.ports.has(7), answers.ports.has(9)]).toEqual([true, true]);
  closeSecond();
  expect([answers.ports.has(7), answers.ports.has(9)]).toEqual([false, true]);
});
