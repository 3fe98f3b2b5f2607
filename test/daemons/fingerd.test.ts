import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { expectServed } from './expect-served.ts';
import { ROLES, type Role } from './roles.ts';

function fingerd(role: Role, listen: string): object {
  return { finger: { listen, ...role.userOf('nobody'), server: program('in.fingerd'), server_args: ['-w'] } };
}

const programs = [{ program: 'in.fingerd' }, { program: 'finger' }];

/** `-w` prints a greeting first, so that an answer is known to come from this daemon. */
function expectRoot(text: string): void {
  expect(text).toContain('Welcome to Linux');
  expect(text).toMatch(/Login: root\s+Name: root/);
}

async function finger(zinetd: Zinetd): Promise<string> {
  // The client knows no port but 79, which is why each of these has a network of its own.
  const enter = ['nsenter', `--net=/proc/${zinetd.pid}/ns/net`, '--'];
  const { stdout, stderr, status } = await runProgram([...enter, 'finger', 'root@127.0.0.1']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

for (const role of ROLES) {
  describeWith(
    `fingerd on port 79, ${role.title}`,
    { needs: [...role.needs, 'a network namespace', ...programs] },
    () => {
      test('tells finger who a user is (promise 2, promise 7)', async () => {
        const services = fingerd(role, 'tcp://127.0.0.1:finger');
        const zinetd = await startZinetd({ as: role.as, ownNetwork: true, config: { services } });
        expectRoot(await finger(zinetd));
        await expectServed(zinetd, 'finger');
      });
    },
  );

  describeWith(`fingerd on a high port, ${role.title}`, { needs: [...role.needs, ...programs] }, () => {
    test('answers the finger protocol (promise 2, promise 7)', async () => {
      const services = fingerd(role, 'tcp://127.0.0.1:0');
      const zinetd = await startZinetd({ as: role.as, config: { services } });
      expectRoot(await ask(zinetd.port('finger'), 'root\r\n'));
      await expectServed(zinetd, 'finger');
    });
  });
}
