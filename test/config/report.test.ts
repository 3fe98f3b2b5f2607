import { describe, expect, test } from 'vitest';
import { type Problem, Report } from '../../src/config/report.ts';

const PROBLEM = {
  code: 'config/unknown-user',
  at: { file: '/etc/passwd' },
  message: 'Cannot find it',
} as const;
const WARNING = { code: 'config/no-services', at: { file: 'x' }, message: 'There is none' } as const;

describe('work that is done alone', () => {
  test('gives nothing after an error where services are left out, also one that was told before', () => {
    const report = new Report({ leavesOut: true });
    const work = (): string => {
      report.add(PROBLEM);
      return 'a service';
    };
    expect([report.alone(work), report.alone(work)]).toEqual([undefined, undefined]);
    expect(report.diagnostics()).toHaveLength(1);
    expect(report.alone(() => 'another')).toBe('another');
    expect({ hasErrors: report.hasErrors, isFatal: report.isFatal }).toEqual({
      hasErrors: true,
      isFatal: false,
    });
  });

  test('gives what it gives where any error refuses everything, and after a warning', () => {
    const strict = new Report();
    const lenient = new Report({ leavesOut: true });
    const work = (report: Report, problem: Problem) => (): string => {
      report.add(problem);
      return 'a service';
    };
    expect(strict.alone(work(strict, PROBLEM))).toBe('a service');
    expect(strict.isFatal).toBe(true);
    expect(lenient.alone(work(lenient, WARNING))).toBe('a service');
  });
});
