import { expect, test } from 'vitest';
import { CODES } from '../../src/config/codes.ts';
import { blocksOf, codeOf, userPages } from './pages.ts';

const CODE =
  /^(?:config|hosts|inetd|xinetd|systemd|to-systemd|rlinetd|launchd|tcprules|hosts_access)\/[a-z0-9-]+$/;

function codesOn(path: string): readonly string[] {
  const shown = blocksOf(path).flatMap(({ text }) =>
    Array.from(text.matchAll(/(?:error|warning)\[([^\]]+)\]/g), ([, code = '']) => code),
  );
  return [...codeOf(path).filter((code) => CODE.test(code)), ...shown];
}

test('the documents name no code of a diagnostic that does not exist', () => {
  const named = userPages().flatMap((path) => codesOn(path).map((code) => `${path}: ${code}`));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((each) => !Object.hasOwn(CODES, each.split(': ')[1] ?? ''))).toEqual([]);
});
