import { userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const USER = userInfo().username;

function echo(service: string, more = ''): string {
  return `127.0.0.1:0 stream tcp nowait ${USER} ${handler('echo')} ${service}${more}\n`;
}

function start(config: string, args: readonly string[] = []): Promise<Zinetd> {
  return startZinetd({ config, args: ['--format', 'inetd', ...args] });
}

describe('run --format inetd', () => {
  test('serves what the file says, and has nothing to say of it', async () => {
    const zinetd = await start(`# one service\n${echo('echo')}`);
    expect(await ask(zinetd.port('0'), 'hello')).toBe('hello');
    expect(zinetd.stderr).not.toContain('zinetd.yaml:');
  });

  test('serves the others where one line is wrong, which is told with its place (S101)', async () => {
    const zinetd = await start(`${echo('echo')}x stream tcp4 nowait ${USER} /nonexistent/x x\nbroken\n`);
    expect(await ask(zinetd.port('0'), 'hello')).toBe('hello');
    expect(zinetd.stderr).toMatch(/zinetd\.yaml:2:\d+: error\[config\/unreadable\]/);
    expect(zinetd.stderr).toMatch(/zinetd\.yaml:3:1: error\[inetd\/fields\]/);
    const errors = zinetd.stderr.match(/: error\[/g)?.length;
    const told = { level: 'warning', services: 1, errors };
    expect(zinetd.log.all.find(({ event }) => event === 'ready')).toMatchObject(told);
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reloaded')).toMatchObject(told);
  });

  test('refuses to start with nothing left', async () => {
    const zinetd = await startZinetd({
      config: `x stream tcp4 nowait ${USER} /nonexistent/x x\n`,
      args: ['--format', 'inetd'],
      expectFailure: true,
    });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain('config/unreadable');
  });

  test('hands the dialect on to the compiler, which reads the file', async () => {
    const line = echo('echo').replace('nowait', 'nowait/3');
    const zinetd = await start(line);
    expect(await ask(zinetd.port('0'), 'hello')).toBe('hello');
    const debian = await startZinetd({
      config: line,
      args: ['--format', 'inetd', '--dialect', 'debian'],
      expectFailure: true,
    });
    expect(await debian.ended).toBe(1);
    expect(debian.stderr).toContain('inetd/wait');
  });
});

test('HUP reads the inetd.conf again, as inetd does', async () => {
  const zinetd = await start(echo('echo'));
  expect(await ask(zinetd.port('0'), 'hello')).toBe('hello');
  zinetd.signal('SIGHUP');
  await zinetd.event('reloaded');
  expect(await ask(zinetd.port('0'), 'again')).toBe('again');
});
