import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { scratch } from '../harness/scratch.ts';

const SERVER = resolve('test/resolver/fixtures/lying-dns.py');

/** Namespaces with a loopback of their own, and other name services; `network`: what else the shell does there. */
export function withNameServices(network: readonly string[] = []): readonly string[] {
  const directory = scratch('name-services');
  const files = {
    'resolv.conf': 'nameserver 127.0.0.53\nsearch evil.example\n',
    hosts: '127.0.0.1 localhost\n10.0.1.1 hosts.example\n10.0.1.2 Only.Reverse\n',
    'nsswitch.conf': 'hosts: files dns\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const mounts = Object.keys(files).map((name) => `mount --bind ${join(directory, name)} /etc/${name}`);
  const script = ['ip link set lo up', ...network, ...mounts, 'exec "$@"'].join(' && ');
  return ['unshare', '--net', '--mount', 'sh', '-c', script, 'sh'];
}

/** The name server of the test, in the namespaces of a process; `log` is what it was asked. */
export interface NameServer {
  readonly process: ChildProcess;
  readonly log: readonly string[];
}

export async function startNameServer(run: { readonly pid: number }): Promise<NameServer> {
  const python = ['/usr/bin/python3', SERVER];
  const server = spawn('nsenter', ['-t', String(run.pid), '-n', ...python], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill());
  const log: string[] = [];
  await new Promise<void>((done) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (line === 'ready') done();
      else log.push(line);
    });
  });
  return { process: server, log };
}
