import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runZinetd } from './run-zinetd.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLES = readdirSync(`${ROOT}/examples`).filter(
  (name) => name.endsWith('.yaml') && name !== 'compose.yaml',
);

test.each(EXAMPLES)('the example %s has no mistakes', (name) => {
  const { code, stdout } = runZinetd(['check', '-c', `examples/${name}`], { cwd: ROOT });
  expect({ code, stdout }).toEqual({ code: 0, stdout: `examples/${name}: OK, 3 services\n` });
});

test('the example xinetd.conf has no mistakes, and none when it is converted', () => {
  const path = 'examples/xinetd.conf';
  const { code, stdout } = runZinetd(['check', '--format', 'xinetd', '-c', path], { cwd: ROOT });
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${path}: OK, 3 services\n` });
  expect(runZinetd(['convert', '--from', 'xinetd', path], { cwd: ROOT }).code).toBe(0);
});

test('what the documents show of "explain" is what it prints', () => {
  const asked = ['explain', '-c', 'examples/admission.yaml', 'finger', '--from', '192.0.2.66'];
  const { code, stdout } = runZinetd(asked, { cwd: ROOT });
  expect(code).toBe(1);
  expect(stdout.replaceAll(`${ROOT}examples/admission.yaml`, '/etc/zinetd/zinetd.yaml')).toBe(
    [
      'finger: 192.0.2.66 is refused (address), policy reject',
      '  ban             passed   not banned',
      '  access          refused  denied by a rule: "192.0.2.66" at /etc/zinetd/zinetd.yaml:17',
      '',
    ].join('\n'),
  );
});
