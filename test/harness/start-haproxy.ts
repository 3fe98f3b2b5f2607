import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../integration/free-port.ts';
import { program } from './program.ts';
import { scratch } from './scratch.ts';

/** What stands in front of one port. */
export interface Front {
  /** The port that it sends to. */
  readonly port: number;
  /** Words of a `server` line, such as `send-proxy-v2`. */
  readonly server: string;
}

const HEAD = `
defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
`;

function blockOf({ port, server }: Front, at: number): string {
  return `
listen front${at}
  bind 127.0.0.1:${at}
  bind [::1]:${at}
  server it 127.0.0.1:${port} ${server}
`;
}

const DEADLINE_MS = 10_000;
const PAUSE_MS = 20;

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Its ports are there all at once, before it says anything that one could wait for. */
async function isUp(port: number, isOver: () => boolean): Promise<boolean> {
  for (const endMs = performance.now() + DEADLINE_MS; performance.now() < endMs && !isOver(); ) {
    if (await answers(port)) return true;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return false;
}

/** The real one, and the ports, on 127.0.0.1 and ::1, of what it stands in front of. Gone when the test is over. */
export async function startHaproxy(fronts: readonly Front[]): Promise<readonly number[]> {
  const ports: number[] = [];
  for (const _ of fronts) ports.push(await freePort());
  // Leads nowhere, so that no service sees who asks whether haproxy is there.
  const spare = await freePort();
  const path = join(scratch('haproxy'), 'haproxy.cfg');
  const blocks = fronts.map((front, index) => blockOf(front, ports[index] ?? 0));
  writeFileSync(path, [HEAD, ...blocks, `listen spare\n  bind 127.0.0.1:${spare}\n`].join(''));
  const child = spawn(program('haproxy') ?? '', ['-db', '-f', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise((done) => child.once('exit', done));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  if (!(await isUp(spare, () => child.exitCode !== null)))
    throw new Error(`haproxy did not come up: ${said}`);
  return ports;
}
