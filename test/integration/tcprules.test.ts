import { renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { freePort } from './free-port.ts';

const USER = userInfo().username;

/** A file that is replaced in one step. */
function rewrite(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

/** All that the handler says to a client of this address. */
function hear(port: number, from: string): Promise<string> {
  return ask(port, '', { from });
}

describe('run --format tcprules', () => {
  test('serves what a run script serves, to whom its rules allow it, with the variables of the rule (promise 6)', async () => {
    const port = await freePort();
    const home = scratch('tcprules');
    const file = join(home, 'run');
    const rules = join(home, 'rules');
    rewrite(rules, '127.0.0.2:deny\n127.0.0.:allow,RELAYCLIENT="@fix: 100%"\n:deny\n');
    const server = `tcpserver -RH -u ${USER} -x rules.cdb 127.0.0.1 ${port} /usr/bin/env`;
    rewrite(file, `#!/bin/sh\nexec env -i A=b softlimit -o 64 ${server}\n`);
    const zinetd = await startZinetd({ foreign: { format: 'tcprules', file } });
    const told = (await hear(port, '127.0.0.3')).split('\n');
    expect(told).toEqual(expect.arrayContaining(['A=b', 'RELAYCLIENT=@fix: 100%', 'TCPREMOTEIP=127.0.0.3']));
    expect(await hear(port, '127.0.0.2')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({
      check: { name: 'hosts_access', rule: { file: rules, line: 1 } },
    });
    rewrite(rules, '127.0.0.2:allow,RELAYCLIENT=""\n:deny\n');
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reloaded')).toMatchObject({ services: 1 });
    expect(await hear(port, '127.0.0.2')).toContain('TCPREMOTEIP=127.0.0.2');
  });

  test('keeps what it has when the rules are wrong: it never serves without them (promises 4 and 6)', async () => {
    const port = await freePort();
    const home = scratch('tcprules');
    const file = join(home, 'run');
    const rules = join(home, 'rules');
    rewrite(rules, '127.0.0.2:deny\n');
    rewrite(file, `#!/bin/sh\nexec tcpserver -RH -u ${USER} -x rules.cdb 127.0.0.1 ${port} /usr/bin/env\n`);
    const zinetd = await startZinetd({ foreign: { format: 'tcprules', file } });
    rewrite(rules, '127.0.0.2:reject\n');
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reload-failed')).toMatchObject({ reason: 'invalid' });
    expect(await hear(port, '127.0.0.2')).toBe('');
    expect(await hear(port, '127.0.0.3')).toContain('TCPREMOTEIP=127.0.0.3');
  });
});
