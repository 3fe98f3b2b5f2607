import { describe, expect, test } from 'vitest';
import { service } from './run-script.ts';

/** What is behind all of these; nobody is looked up, and root runs it, which is said. */
const SERVER = 'tcpserver -RHl0 -u 7 -g 8 0 7 /bin/cat';

type Values = Readonly<Record<string, unknown>>;

function serviceOf(command: string, codes: readonly string[]): Values {
  return service(
    command,
    codes.map((code) => `tcprules/${code}`),
  );
}

describe('what stands before a server changes what it finds', () => {
  test.each<[string, Values, readonly string[]]>([
    ['nice -5', { nice: 5 }, []],
    ['nice -n5', { nice: 5 }, []],
    ['nice -n 7', { nice: 7 }, []],
    ['nice', { nice: 10 }, []],
    ['nice -n many', {}, ['value']],
    ['env -u LANG A=1', { env: { A: '1' } }, []],
    ['env - A=1', { env: { A: '1' } }, []],
    ['softlimit -n 5', {}, ['option']],
    ['softlimit -o = -d 4096', { rlimits: { data: 4096 } }, []],
    ['softlimit -o few', {}, ['value']],
    ['chpst -n 3 -/ / -o 9', { nice: 3, rlimits: { nofile: 9 } }, []],
    ['setlock -n /run/lock', {}, ['ignored']],
  ])('%s', (loader, expected, codes) => {
    expect(serviceOf(`exec ${loader} ${SERVER}`, codes)).toMatchObject(expected);
  });

  test.each<[string, Values, readonly string[]]>([
    ['ulimit -n unlimited', { rlimits: { nofile: 'unlimited' } }, []],
    ['ulimit -S -v 10', { rlimits: { as: 10_240 } }, []],
    ['ulimit -n few', {}, ['value']],
    ['umask 999', {}, ['value']],
  ])('%s, as a command of its own', (command, expected, codes) => {
    expect(serviceOf(`${command}\nexec ${SERVER}`, codes)).toMatchObject(expected);
  });
});

describe('options of servers', () => {
  test.each<[string, Values, readonly string[]]>([
    ['tcpserver -RHl0 -u 7 -g 8 :0 7 /bin/cat', { listen: 'tcp://*:7' }, []],
    ['tcpserver -RHl0 -u 7 -g 8 :: 7 /bin/cat', {}, []],
    ['tcpserver -RHl0 -6 -4 -u 7 -g 8 0 7 /bin/cat', { listen: 'tcp4://*:7' }, []],
    ['tcpserver -RHl0 -I eth0 -u 7 -g 8 0 7 /bin/cat', {}, ['no-counterpart']],
    ['tcpserver -RHl0 -6 -I eth0 -u 7 -g 8 0 7 /bin/cat', {}, []],
    ['tcpsvd -C 3 0 7 /bin/cat', { per_source: 3 }, ['root']],
    ['tcpsvd -C 0 0 7 /bin/cat', { per_source: 'UNLIMITED' }, ['root']],
    ['tcpsvd -C many 0 7 /bin/cat', {}, ['root', 'value']],
    [
      'tcpsvd -C "3:no\\\\r\\\\n100%" 0 7 /bin/cat',
      { per_source: 3, policies: { per_source: { reject: { text: 'no\r\n100%%' } } } },
      ['root'],
    ],
  ])('%s', (command, expected, codes) => {
    expect(serviceOf(`exec ${command}`, codes)).toMatchObject(expected);
  });
});
