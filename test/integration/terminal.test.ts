import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { constants as os } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import type { ProbeReport } from './probe-report.ts';

/** Makes the other end of the terminal in descriptor 9 its own, in a session of its own, as a login shell has it. */
const LOGIN = `
import fcntl, os, struct, sys
fcntl.ioctl(9, 0x40045431, struct.pack("i", 0)) # TIOCSPTLCK
number, = struct.unpack("I", fcntl.ioctl(9, 0x80045430, bytes(4))) # TIOCGPTN
os.setsid()
os.open(f"/dev/pts/{number}", os.O_RDWR)
os.close(9)
os.execvp(sys.argv[1], sys.argv[1:])
`;
const MASTER = 9;

/** The number of the terminal that a process can open as /dev/tty; 0 without one. */
function terminalOf(pid = 0): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[4]);
}

describeWith('zinetd that was started from a terminal', { needs: [{ program: 'python3' }] }, () => {
  test.each(['inetd', 'extended'])(
    'has it, and neither its dispatcher nor a handler, which could type on it: mode %s (S31)',
    async (mode) => {
      const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
      onTestFinished(() => closeSync(master));
      const user = isRoot ? { user: 'nobody' } : {};
      const it = { listen: 'tcp://127.0.0.1:0', server: handler('probe'), mode, ...user };
      const zinetd = await startZinetd({
        config: { services: { it } },
        prefix: ['python3', '-c', LOGIN],
        inherit: { [MASTER]: master },
      });
      expect(terminalOf(zinetd.pid)).not.toBe(0);
      expect(terminalOf(zinetd.dispatcherPid)).toBe(0);
      const report = JSON.parse(await ask(zinetd.port('it'))) as ProbeReport;
      expect(report['tty']).toBe(os.errno.ENXIO);
      expect(report.sid).toBe(report.pid);
    },
  );
});
