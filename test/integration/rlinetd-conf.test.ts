import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { freePort } from './free-port.ts';

const USER = userInfo().username;

function service(name: string, port: number, more = ''): string {
  return `service "${name}" {\n\tport ${port};\n\tinterface 127.0.0.1;\n\texec "${handler('echo')}";\n\t${more}\n}\n`;
}

describe('run --format rlinetd', () => {
  test('serves what the file and its directory have, and leaves out what is wrong, with its place', async () => {
    const [first, second] = [await freePort(), await freePort()];
    const home = scratch('rlinetd');
    const file = join(home, 'rlinetd.conf');
    mkdirSync(join(home, 'rlinetd.d'));
    const head = `directory "${home}/rlinetd.d" "" "~$";\ndefaults { user "${USER}"; instances 5; }\n`;
    writeFileSync(file, `${head}${service('first', first)}`, { mode: 0o644 });
    writeFileSync(join(home, 'rlinetd.d', 'a'), service('second', second), { mode: 0o644 });
    writeFileSync(join(home, 'rlinetd.d', 'b'), service('bad', second, 'nice abc;'), { mode: 0o644 });
    writeFileSync(join(home, 'rlinetd.d', 'c~'), 'nonsense', { mode: 0o644 });
    const zinetd = await startZinetd({ foreign: { format: 'rlinetd', file } });
    expect(await ask(first, 'hello')).toBe('hello');
    expect(await ask(second, 'hello')).toBe('hello');
    expect(zinetd.stderr).toMatch(/rlinetd\.d\/b:5:7: error\[rlinetd\/syntax\]/);
  });

  test('gives what rlinetd gives itself', async () => {
    const port = await freePort();
    const file = join(scratch('rlinetd'), 'rlinetd.conf');
    const text = `service "daytime" { port ${port}; user "${USER}"; interface 127.0.0.1; echo "%I\\n"; close; }`;
    writeFileSync(file, text, { mode: 0o644 });
    await startZinetd({ foreign: { format: 'rlinetd', file } });
    expect(await ask(port, '')).toMatch(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\r?\n$/);
  });
});
