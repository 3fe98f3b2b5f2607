import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BAN_STATE_BYTES } from '../../src/admission/ban-state.ts';
import { decodeEndings, endingsLength } from '../../src/supervise/ending-slot.ts';
import { NAME_STATE_BYTES } from '../../src/supervise/name-state.ts';
import { connect } from '../harness/client.ts';
import { controlLine } from '../harness/control-line.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { stateDirectory } from '../harness/state-directory.ts';
import { until } from '../harness/until.ts';
import { Upgraded } from './upgraded.ts';

const TERM = 15;
const KILL = 9;
const MOST_BYTES = 4096;
const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
/** Ignores TERM. */
const deaf = { listen, server: handler('sleeper'), server_args: [String(TERM)], grace: '4s', ...user };

/** How many handlers the state file says are to end. */
function keptIn(state: string): number {
  const fd = openSync(join(state, 'bans'), 'r');
  const bytes = new Uint8Array(MOST_BYTES);
  const length = readSync(fd, bytes, { position: BAN_STATE_BYTES + NAME_STATE_BYTES });
  closeSync(fd);
  const end = endingsLength(bytes.subarray(0, length)) ?? 0;
  return decodeEndings(bytes.subarray(0, end))?.length ?? 0;
}

/** A handler that an operator has told to end, and that does not. */
async function killed(): Promise<{ zinetd: Zinetd; play: Upgraded; state: string }> {
  const play = new Upgraded();
  const state = stateDirectory();
  const zinetd = await play.start({ deaf }, { lossy: true, args: ['--state-dir', state] });
  const client = await connect(zinetd.port('deaf'));
  await client.readUntil('\n');
  await zinetd.event('started');
  const line = await controlLine(play.control);
  const { connections } = (await line.call('connections')) as { connections: { id: number }[] };
  await line.call('kill', { connection: connections[0]?.id });
  line.socket.destroy();
  return { zinetd, play, state };
}

function exitOf(zinetd: Zinetd) {
  return zinetd.event(({ event, service }) => event === 'exited' && service === 'deaf');
}

test('who was told to end by a dispatcher that died is killed by the next one', async () => {
  const { zinetd, state } = await killed();
  await until(() => keptIn(state) === 1, { what: 'it is written down' });
  process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
  await zinetd.event('dispatcher-restarted');
  expect(await exitOf(zinetd)).toMatchObject({ signal: KILL, end: 'killed' });
  await until(() => keptIn(state) === 0, { what: 'it is forgotten' });
});

test('who was told to end by a version that made way is killed by the next one', async () => {
  const { zinetd, play } = await killed();
  play.newVersion();
  await play.upgrade();
  await zinetd.event('upgraded');
  expect(zinetd.log.count('exited'), 'it was there all the time').toBe(0);
  expect(await exitOf(zinetd)).toMatchObject({ signal: KILL, end: 'killed' });
});
