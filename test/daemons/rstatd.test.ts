import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import { runProgram } from '../harness/run-program.ts';
import { startInetd } from '../harness/start-inetd.ts';
import { startRpcbind } from '../harness/start-rpcbind.ts';
import { until } from '../harness/until.ts';
import { account } from './account.ts';
import { machine } from './machine.ts';

const VERSIONS = [1, 2, 3, 4, 5];

describeInetd({ title: 'rstatd', programs: ['rpcbind', 'rpc.rstatd', 'rup'] }, (way) => {
  test('tells rup the load of this machine, found through rpcbind (promise 2, promise 7)', async () => {
    const place = await machine(account(['_rpc']).files);
    const rpcbind = await startRpcbind(place.pid);
    const inetdConf = 'rstatd/1-5 dgram rpc/udp wait nobody /usr/sbin/rpc.rstatd rpc.rstatd\n';
    const inetd = await startInetd({ way, inetdConf, place });
    const versions = () => rpcbind.names().filter((name) => name.endsWith(' udp'));
    // zinetd serves as soon as it can, and registers meanwhile.
    await until(() => versions().length === VERSIONS.length, { what: 'all versions are registered' });
    expect(versions()).toEqual(VERSIONS.map((version) => `100001.${version} udp`));
    const rup = await runProgram([...place.enter, 'rup', '127.0.0.1']);
    expect(rup).toMatchObject({ status: 0, stderr: '' });
    expect(rup.stdout).toMatch(/^localhost .* up .* load \d/);
    await inetd.endHandler('rstatd');
  });
});
