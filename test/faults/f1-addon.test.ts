import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Binding } from '../../src/native/binding.ts';
import { loadBinding } from '../../src/native/load.ts';
import { ADDON_CALLS, failOne } from './f1/addon-calls.ts';
import { makeBuilds } from './f1/builds.ts';
import { Plan } from './f1/plan.ts';

function open(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('the addon, of which a call fails (F1, B10)', () => {
  let plan: Plan;
  let binding: Binding;

  beforeAll(() => {
    makeBuilds();
    plan = new Plan(join(mkdtempSync(join(tmpdir(), 'zinetd-f1-')), 'plan'));
    process.env['ZINETD_F1'] = plan.path;
    binding = loadBinding([`${resolve('build/test/f1')}/`]);
  }, 180_000);

  const rows = ADDON_CALLS.map((it) => {
    const [name, call, errno] = it;
    return { name, call, errno, it };
  });

  test.each(rows)('gives back why, and leaves nothing open: $name, $call: $errno', ({ it }) => {
    const before = open();
    const { result, wanted, hits } = failOne(it, { plan, binding });
    expect(hits).toBe(1);
    expect(result).toBe(wanted);
    expect(open()).toBe(before);
  });
});
