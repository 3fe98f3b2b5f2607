import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hostNames } from '../../src/native/host-names.ts';
import { loadBinding } from '../../src/native/load.ts';
import { describeWith } from '../harness/describe-with.ts';
import { scratch } from '../harness/scratch.ts';

const NETGROUPS = `trusted (a.example,,) (-,user,) (B.example,-,) inner
inner (c.example,,) (d.example,,elsewhere)
open (a.example,,) (,user,)
large ${Array.from({ length: 400 }, (_, index) => `(host-${index}.example,,)`).join(' ')}
`;

const SCRIPT = `
const binding = require(process.argv[1]);
const ask = (name, room) => {
  const hosts = Buffer.alloc(room);
  const count = binding.netgroupHosts(name, hosts);
  return count < 0 ? count : [count, hosts.toString('utf8').split('\\0', count)];
};
console.log(JSON.stringify([
  ask('trusted', 100), ask('open', 100), ask('none', 100), ask('trusted', 20), ask('large', 8192)[0],
]));
`;

describeWith('netgroups', { needs: ['root', { program: 'unshare' }] }, () => {
  /** With these netgroups, and as a member of a NIS domain or of none. */
  function askAll(domain: string) {
    const etc = scratch('netgroup');
    writeFileSync(join(etc, 'netgroup'), NETGROUPS);
    writeFileSync(join(etc, 'nsswitch.conf'), 'netgroup: files\n');
    const enter = `mount --bind ${etc} /etc && echo '${domain}' > /proc/sys/kernel/domainname && exec "$@"`;
    const node = [process.execPath, '-e', SCRIPT, resolve('build/Release/zinetd_addon.node')];
    const args = ['--mount', '--uts', 'sh', '-c', enter, 'sh', ...node];
    return JSON.parse(execFileSync('unshare', args, { encoding: 'utf8', env: {} }));
  }

  test('the hosts of a netgroup and of those in it are found, and entries for every host are not hidden', () => {
    expect(askAll('(none)')).toEqual([
      [5, ['a.example', '-', 'B.example', 'c.example', 'd.example']],
      [2, ['a.example', '']],
      [0, []],
      -34,
      400,
    ]);
  });

  test('an entry of another NIS domain does not count', () => {
    expect(askAll('here')[0]).toEqual([4, ['a.example', '-', 'B.example', 'c.example']]);
  });

  test('a netgroup that does not exist is none', () => {
    expect(hostNames(loadBinding()).findNetgroup('no-such-netgroup')).toBeUndefined();
  });
});
