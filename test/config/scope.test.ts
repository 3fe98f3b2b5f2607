import { expect, test } from 'vitest';
import { loadService, loadText, oneService } from './load-text.ts';

type Attributes = Readonly<Record<string, unknown>>;

const SET_NO_NEW_PRIVS = 38;

function sandboxOf(attributes: Attributes) {
  const sandbox = loadService(attributes).programs[0]?.sandbox;
  return {
    isScoped: sandbox?.isScoped ?? false,
    isSealed:
      sandbox?.isBare ||
      (sandbox?.calls.some(({ name, args }) => name === 'prctl' && args[0] === SET_NO_NEW_PRIVS) ?? false),
  };
}

test('a scope brings with it that no privileges can be gained, in mode inetd as well (S33)', () => {
  expect(sandboxOf({ scoped: true })).toEqual({ isScoped: true, isSealed: true });
  expect(sandboxOf({ mode: 'extended' })).toEqual({ isScoped: true, isSealed: true });
  expect(sandboxOf({})).toEqual({ isScoped: false, isSealed: false });
});

test('a scope that nobody wrote is off where privileges may be gained', () => {
  const attributes = { mode: 'extended', no_new_privileges: false };
  expect(sandboxOf(attributes)).toEqual({ isScoped: false, isSealed: false });
  expect(loadText(oneService(attributes)).diagnostics).toEqual([]);
});

test('a scope that is written contradicts that privileges may be gained', () => {
  const { diagnostics, config } = loadText(oneService({ scoped: true, no_new_privileges: false }));
  expect(config).toBeUndefined();
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['config/conflict', 'Cannot switch off "no_new_privileges" in service "s": it is "scoped"'],
  ]);
});
