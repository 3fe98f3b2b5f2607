import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Outcome, runZinetd } from './run-zinetd.ts';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-audit-'));
  const user = userInfo().username;
  const service = { listen: 'tcp://127.0.0.1:7000', server: '/bin/true', user, umask: '022' };
  const services = {
    open: service,
    shut: { ...service, mode: 'extended', listen: 'unix:///run/shut.sock', system_calls: ['@basic-io'] },
    time: { listen: 'tcp://127.0.0.1:7037', builtin: 'time' },
  };
  writeFileSync(join(home, 'zinetd.yaml'), JSON.stringify({ version: 1, services }), { mode: 0o644 });
  writeFileSync(join(home, 'wrong.yaml'), JSON.stringify({ version: 1, services: { open: {} } }), {
    mode: 0o644,
  });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function audit(...args: readonly string[]): Outcome {
  return runZinetd(['audit', '-c', 'zinetd.yaml', ...args], { cwd: home });
}

test('audit shows a line for each service, the most exposed first, and of what zinetd gives itself that it does', () => {
  const { code, stdout, stderr } = audit();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^SERVICE +EXPOSURE +LEVEL +MOST OF IT$/);
  expect(lines.slice(1).map((line) => line.split(/ +/)[0])).toEqual(['open', 'shut', 'time']);
  expect(lines[1]).toMatch(/^open +[0-9]+\.[0-9] +(exposed|unsafe) +[a-z_]+, [a-z_]+, [a-z_]+$/);
  expect(lines[3]).toMatch(/zinetd gives it itself$/);
});

test('audit of a service says of each setting what it adds, why, and what to write', () => {
  const { code, stdout } = audit('shut');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^shut: [0-9]\.[0-9] of 10, (safe|fair|exposed)\n/);
  expect(stdout).toMatch(
    /^restrict_namespaces +0\.[0-9]{2} +it can be root in a namespace +restrict_namespaces: true$/m,
  );
  expect(stdout).toMatch(/^system_calls +0\.00 +no call that is dangerous is allowed$/m);
  expect(audit('time').stdout).toBe('time: no handler, zinetd gives it itself\n');
});

test('audit gives the same as data', () => {
  const { services } = JSON.parse(audit('--json').stdout) as {
    services: {
      service: string;
      audit?: { exposure: number; level: string; findings: { setting: string }[] };
    }[];
  };
  expect(services.map(({ service }) => service)).toEqual(['open', 'shut', 'time']);
  expect(services[0]?.audit?.exposure).toBeGreaterThan(services[1]?.audit?.exposure ?? 10);
  expect(services[0]?.audit?.findings.map(({ setting }) => setting)).toContain('protect_system');
});

test('audit answers no for a service above the threshold, or for a configuration with errors', () => {
  expect(audit('--threshold', '10').code).toBe(0);
  expect(audit('--threshold', '2').code).toBe(1);
  expect(audit('time', '--threshold', '0').code).toBe(0);
  const wrong = runZinetd(['audit', '-c', 'wrong.yaml'], { cwd: home });
  expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('config/missing-key');
});

test.each([
  { args: ['opn'], says: 'Cannot audit "opn": no such service\n   help: did you mean "open"?' },
  {
    args: ['--threshold', '11'],
    says: 'Cannot use "11" for "--threshold": must be a number from 0 to 10, such as 4.5',
  },
])('audit $args is a wrong use', ({ args, says }) => {
  const { code, stderr } = audit(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});
