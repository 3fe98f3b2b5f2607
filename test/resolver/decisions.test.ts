import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { scratch } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { startDecider } from './start-decider.ts';
import { startResolver } from './start-resolver.ts';

const SUBJECT = { address: '192.0.2.1', port: 40_000, local: '192.0.2.9:21' };
const INVALID = { kind: 'undecided', why: 'invalid' };
const FAILED = { kind: 'undecided', why: 'failed' };
const TIMEOUT = { kind: 'undecided', why: 'timeout' };
const DEADLINE_MS = 700;
const MOST_PATH_BYTES = 107;

/** What comes of each service that the program answers for (decider.py). */
const CASES: readonly [service: string, decision: unknown][] = [
  ['yes', { kind: 'allowed' }],
  ['why', { kind: 'denied', reason: 'too late today' }],
  ['more', { kind: 'allowed' }],
  ['number', INVALID],
  ['array', INVALID],
  ['null', INVALID],
  ['text', INVALID],
  ['empty', INVALID],
  ['bytes', INVALID],
  ['odd reason', INVALID],
  ['long reason', INVALID],
  ['long line', INVALID],
  ['endless', INVALID],
  ['cut', FAILED],
  ['nothing', FAILED],
  ['silent', TIMEOUT],
  ['drip', TIMEOUT],
];

describeWith('a program that decides', { needs: ['root', 'a network namespace'] }, () => {
  test('allows by a whole line that says so, and by nothing else', async () => {
    const run = await startResolver();
    const { path, asked } = await startDecider();
    const questions = CASES.map(([service]) =>
      run.ask({ kind: 'decide', path, subject: { ...SUBJECT, service }, deadlineMs: DEADLINE_MS }),
    );
    const answers = (await Promise.all(questions)).map(({ answer }) => answer);
    expect(CASES.map(([service], at) => [service, answers[at]])).toEqual(CASES);
    expect(JSON.parse(asked.find((line) => line.includes('yes')) ?? '')).toEqual({
      version: 1,
      service: 'yes',
      ...SUBJECT,
    });
    await until(() => asked.includes('gone: drip'), { what: 'the resolver has hung up' });
  });

  test('is not found by the beginning of a longer path', async () => {
    const run = await startResolver();
    const { path } = await startDecider('x'.repeat(MOST_PATH_BYTES - scratch('decider').length - 1));
    expect(path).toHaveLength(MOST_PATH_BYTES);
    const subject = { ...SUBJECT, service: 'yes' };
    expect((await run.ask({ kind: 'decide', path, subject })).answer).toEqual({ kind: 'allowed' });
    expect((await run.ask({ kind: 'decide', path: `${path}x`, subject })).answer).toEqual(FAILED);
  });

  test('that is not there, or at no path of this system, allows nothing', async () => {
    const run = await startResolver();
    const paths = [
      '/nonexistent',
      '/dev/null',
      'relative',
      '',
      '\0abstract',
      `/${'x'.repeat(108)}`,
      '/x'.repeat(2000),
    ];
    const subject = { ...SUBJECT, service: 'yes' };
    const answers = await Promise.all(paths.map((path) => run.ask({ kind: 'decide', path, subject })));
    expect(answers.map(({ answer }) => answer)).toEqual(paths.map(() => FAILED));
  });
});
