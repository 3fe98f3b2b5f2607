import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

/** A program of the operator's that answers each question as the shell code says; `$line` is the question. */
function decider(code: string): string {
  const path = join(scratch('decide'), 'decide');
  writeFileSync(path, `#!/bin/sh\nread -r line\n${code}\n`);
  chmodSync(path, 0o755);
  return path;
}

const base = { listen: 'tcp://127.0.0.1:0', ...(isRoot ? { user: 'nobody' } : {}), server: handler('echo') };

test('a program of the operator decides: by service and address, with a reason, never at the client', async () => {
  const program = decider(`case "$line" in
'{"version":1,"service":"good","address":"127.0.0.1","port":'*) echo '{"allow": true}' ;;
*) echo '{"allow": false, "reason": "not on my list"}' ;;
esac`);
  const decide = { program: [program], cache: '1ms' };
  const zinetd = await startZinetd({
    config: { services: { good: { ...base, decide }, bad: { ...base, decide } } },
  });
  expect(await ask(zinetd.port('good'), 'hello')).toBe('hello');
  expect(await ask(zinetd.port('bad'), 'hello')).toBe('');
  expect(await zinetd.event('refused')).toMatchObject({
    service: 'bad',
    reason: 'decision',
    check: { name: 'decide', note: 'not on my list' },
  });
});

test('a program that stalls is killed at its deadline, and another service does not wait for it (promise 5)', async () => {
  const program = decider('exec sleep 1000');
  const decide = { program: [program], deadline: '300ms' };
  const zinetd = await startZinetd({ config: { services: { slow: { ...base, decide }, other: base } } });
  const client = await connect(zinetd.port('slow'));
  expect(await ask(zinetd.port('other'), 'hello')).toBe('hello');
  expect(await client.readAll()).toBe('');
  expect(await zinetd.event('refused')).toMatchObject({ reason: 'decision', check: { note: 'timeout' } });
});

test('what is no answer, or cannot be started, fails as the configuration says, and is told once', async () => {
  const nonsense = { program: [decider('echo yes')], on_failure: 'allow' };
  const gone = { program: [decider('echo x')] };
  writeFileSync(gone.program[0] ?? '', '#!/no/such/interpreter\n');
  const config = {
    services: { lax: { ...base, decide: nonsense }, strict: { ...base, decide: gone } },
  };
  const zinetd = await startZinetd({ config });
  expect(await ask(zinetd.port('lax'), 'hello')).toBe('hello');
  expect(await ask(zinetd.port('strict'), 'hello')).toBe('');
  expect(await ask(zinetd.port('strict'), 'hello')).toBe('');
  const refused = { service: 'strict', reason: 'decision', check: { note: 'failed' } };
  expect(await zinetd.event('refused')).toMatchObject(refused);
  expect(await zinetd.event('refused')).toMatchObject(refused);
  expect(await zinetd.event('decider-failed')).toMatchObject({
    service: 'strict',
    step: 'exec',
    error: 'ENOENT',
  });
  expect(zinetd.log.count('decider-failed')).toBe(1);
});
