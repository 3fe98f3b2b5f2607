import { test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { attachStrace } from '../harness/strace.ts';
import { finish, startStarving, starve } from './starve.ts';

const CODES = ['ENFILE', 'ENOBUFS', 'ENOMEM', 'ECONNABORTED', 'EPROTO', 'EPERM'];
/** A whole batch of aborted connections in a row is taken for a fault that lasts. */
const ABORTED = ['ECONNABORTED', 'EPROTO', 'EPERM'];

describeWith('accept(2) that fails', { needs: ['root', { program: 'strace' }] }, () => {
  test.each(CODES)(
    'with %s costs no CPU, no client and one record a second at most (F3, S75, B5)',
    async (error) => {
      const starving = await startStarving();
      // In its place a call that the dispatcher's filter allows: -1, which strace would use, ends the process.
      const inject = `inject=accept4:error=${error}:syscall=getpid`;
      const strace = await attachStrace(starving.dispatcher, ['-f', '-e', 'trace=accept4', '-e', inject]);
      const reason = ABORTED.includes(error) ? 'ECONNABORTED' : error;
      const clear = async (): Promise<void> => void (await strace.detach());
      await starve(starving, { fault: 'F3', error, reason, clear });
      await finish(starving.clients);
    },
    60_000,
  );
});
