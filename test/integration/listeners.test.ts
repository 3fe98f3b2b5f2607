import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const run = promisify(execFile);
const user = isRoot ? { user: 'nobody' } : {};
const PYTHON = '/usr/bin/python3';
const cat = { server: '/bin/cat', ...user };

/** What the one listener of a service came to. */
function outcomeOf(zinetd: Zinetd): unknown {
  const record = zinetd.log.all.find(({ event }) => event === 'listening' || event === 'listen-failed');
  return record?.error ?? record?.event;
}

/** Another service keeps zinetd running when the one in question cannot listen. */
function start(it: Readonly<Record<string, unknown>>): Promise<Zinetd> {
  const other = { ...cat, listen: 'tcp://127.0.0.1:0' };
  return startZinetd({ config: { services: { it: { ...cat, ...it }, other } } });
}

describe('listeners', () => {
  test('take an address that no interface has with free_bind only', async () => {
    const listen = 'tcp://192.0.2.77:0';
    expect(outcomeOf(await start({ listen }))).toBe('EADDRNOTAVAIL');
    expect(outcomeOf(await start({ listen, free_bind: true }))).toBe('listening');
  });

  test('are for both families with "*" and a host name, for one with tcp4 and tcp6, and one for both with tcp46', async () => {
    const localsOf = async (listen: string): Promise<readonly string[]> => {
      const zinetd = await start({ listen });
      return zinetd.log.all
        .filter(({ event, service }) => event === 'listening' && service === 'it')
        .map(({ local }) => local?.address ?? '');
    };
    expect(await localsOf('tcp://*:0')).toEqual(['0.0.0.0', '::']);
    expect(await localsOf('tcp4://*:0')).toEqual(['0.0.0.0']);
    expect(await localsOf('tcp6://*:0')).toEqual(['::']);
    expect(await localsOf('tcp46://*:0')).toEqual(['::']);
    expect(await localsOf('tcp4://localhost:0')).toEqual(['127.0.0.1']);
  });

  test('of tcp46 take IPv4 clients, who are known by their IPv4 address', async () => {
    const zinetd = await start({ listen: 'tcp46://*:0', only_from: ['127.0.0.1'] });
    await ask(zinetd.port('it'));
    expect((await zinetd.event('started')).peer?.address).toBe('127.0.0.1');
  });

  test('of vsock serve clients by loopback, or say that the machine cannot', async () => {
    const zinetd = await start({ listen: 'vsock://any:7077' });
    if (outcomeOf(zinetd) !== 'listening') {
      expect(outcomeOf(zinetd)).toMatch(/^(EAFNOSUPPORT|ENODEV|EADDRNOTAVAIL)$/);
      return;
    }
    const client =
      'import socket; s = socket.socket(socket.AF_VSOCK); s.connect((1, 7077)); s.shutdown(1); print(s.recv(1))';
    const outcome = await run(PYTHON, ['-c', client]).then(
      () => 'served',
      ({ stderr }) => String(stderr),
    );
    // Without the module vsock_loopback a machine can listen and nobody can come.
    if (outcome === 'served') expect((await zinetd.event('started')).peer?.address).toBe('cid:1');
    else expect(outcome).toMatch(/No such device|Network is unreachable|Connection reset|timed out/);
  });
});
