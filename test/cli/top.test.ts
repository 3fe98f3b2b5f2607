import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { laterStatus } from '../harness/example-status.ts';
import { type FakeControl, fakeControl, type Play, reply } from '../harness/fake-control.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { openTmux, type Tmux } from '../harness/tmux.ts';
import { until } from '../harness/until.ts';
import { runClient } from './run-client.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const GOLDEN = fileURLToPath(new URL('../golden/top', import.meta.url));
const O_NONBLOCK = 0o4000;

/** A daemon with a second of its life between one question and the next, however long that takes. */
function living(): Play {
  let seconds = 0;
  return (request, socket) => socket.write(reply(request, { result: laterStatus(++seconds) }));
}

function commandOf(words: string, { path }: FakeControl): string {
  return `${process.execPath} ${MAIN} ${words} --control ${path}`;
}

/** The shell with what it has shown wiped away. */
async function clear(tmux: Tmux): Promise<void> {
  tmux.type('clear');
  await tmux.shows(/^\$\s*$/);
}

/** `UPDATE_GOLDEN=1 npx vitest run test/cli/top.test.ts` writes what is seen anew. */
function expectGolden(name: string, seen: string): void {
  const file = join(GOLDEN, name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, seen);
  expect(seen).toBe(readFileSync(file, 'utf8'));
}

/** `top` in a terminal that is as it was when a program began, once its rates are known. */
async function watch(
  size: { columns: number; rows: number },
  env: Readonly<Record<string, string>> = {},
): Promise<{ tmux: Tmux; control: FakeControl }> {
  const control = await fakeControl({ status: living() });
  const tmux = await openTmux(size, env);
  tmux.type(`clear; ${commandOf('top --interval 100ms', control)}; echo "ended with $?"`);
  await tmux.shows(/^time.* 412 /m);
  return { tmux, control };
}

function topPid(tmux: Tmux): number {
  const pid = childrenOf(Number(tmux.tell('#{pane_pid}'))).find((it) => commandLineOf(it).includes('top'));
  if (pid === undefined) throw new Error('Cannot find top');
  return pid;
}

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
];

for (const size of SIZES) {
  const name = `${size.columns}x${size.rows}`;

  test(`top on a terminal of ${name} shows what was looked at once`, async () => {
    const { tmux } = await watch(size);
    expectGolden(`top-${name}.txt`, tmux.screen());
    tmux.press('h');
    expectGolden(`top-help-${name}.txt`, await tmux.shows(/sort by the next column/));
  });

  test(`status on a terminal of ${name} shows what was looked at once`, async () => {
    const control = await fakeControl({ status: living() });
    const tmux = await openTmux(size);
    tmux.type(`clear; ${commandOf('status', control)}; echo "that is all"`);
    const seen = await tmux.shows(/^that is all/m);
    expectGolden(`status-${name}.txt`, seen.slice(seen.indexOf('zinetd'), seen.indexOf('that is all')));
  });
}

test('keys sort, turn around, filter and pause', async () => {
  const { tmux, control } = await watch({ columns: 100, rows: 20 });
  tmux.press('s');
  expect(await tmux.shows(/sort REFUSE\/S, highest first/)).toMatch(/WHY *\nfinger/);
  tmux.press('Left', 'Left');
  expect(await tmux.shows(/sort OF ALL, highest first/)).toMatch(/WHY *\ntalk/);
  tmux.press('r');
  expect(await tmux.shows(/sort OF ALL, lowest first/)).not.toMatch(/WHY *\ntalk/);
  tmux.press('/', 'F', 'x', 'BSpace', 'i');
  const filtered = await tmux.shows(/filter by name: Fi_/);
  expect(filtered).toMatch(/^finger/m);
  expect(filtered).not.toMatch(/^echo/m);
  tmux.press('Enter');
  await tmux.shows(/1 of 5 services match "Fi"/);
  tmux.press('Escape');
  await tmux.shows(/5 of 5 services/);
  tmux.press('p');
  await tmux.shows(/PAUSED/);
  const asked = control.requests.length;
  tmux.press('p');
  await until(() => control.requests.length > asked, { what: 'top goes on' });
});

test('j and k scroll where not all services have room', async () => {
  const { tmux } = await watch({ columns: 80, rows: 7 });
  await tmux.shows(/^time/m);
  tmux.press('j');
  expect(await tmux.shows(/WHY *\necho/)).not.toMatch(/^time/m);
  tmux.press('k');
  await tmux.shows(/WHY *\ntime/);
});

test('a terminal that changes its size is filled and never overfilled', async () => {
  const { tmux } = await watch({ columns: 80, rows: 24 });
  tmux.resize({ columns: 40, rows: 10 });
  const small = await tmux.shows(/^(?=.*\nSERVICE +STATE +HANDLERS START\/S *\n)(?!.*REFUSE\/S)/s);
  expect(small.trimEnd().split('\n')).toHaveLength(10);
  tmux.resize({ columns: 200, rows: 30 });
  expect((await tmux.shows(/FAILED WHY/)).trimEnd().split('\n')).toHaveLength(30);
});

/** What must be as before, whatever ended it: what was on the screen, the cursor, and how the terminal treats a line. */
async function expectRestored(tmux: Tmux, settings: string): Promise<void> {
  expect(tmux.tell('#{alternate_on} #{cursor_flag} #{wrap_flag}')).toBe('0 1 1');
  await clear(tmux);
  tmux.type('stty -g');
  expect((await tmux.shows(/^[0-9a-f]+:[0-9a-f:]+$/m)).match(/^[0-9a-f]+:.*$/m)?.[0]).toBe(settings);
}

async function settingsOf(tmux: Tmux): Promise<string> {
  tmux.type('stty -g');
  const shown = await tmux.shows(/^[0-9a-f]+:[0-9a-f:]+$/m);
  return shown.match(/^[0-9a-f]+:.*$/m)?.[0] ?? '';
}

const ENDS: readonly (readonly [string, (tmux: Tmux) => void, RegExp])[] = [
  ['q', (tmux) => tmux.press('q'), /^ended with 0$/m],
  ['Ctrl-C', (tmux) => tmux.press('C-c'), /^ended with 0$/m],
  ['TERM', (tmux) => process.kill(topPid(tmux), 'SIGTERM'), /^ended with 143$/m],
  ['HUP', (tmux) => process.kill(topPid(tmux), 'SIGHUP'), /^ended with 129$/m],
];

for (const [name, end, wanted] of ENDS) {
  test(`${name} ends top and leaves the terminal as it was, O_NONBLOCK included (S16)`, async () => {
    const control = await fakeControl({ status: living() });
    const tmux = await openTmux({ columns: 80, rows: 24 });
    const settings = await settingsOf(tmux);
    await clear(tmux);
    tmux.type(`echo before; ${commandOf('top --interval 100ms', control)}; echo "ended with $?"`);
    await tmux.shows(/per second: 412/);
    expect(tmux.tell('#{alternate_on} #{cursor_flag} #{wrap_flag}')).toBe('1 0 0');
    const shell = tmux.tell('#{pane_pid}');
    const flags = () => /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/${shell}/fdinfo/1`, 'utf8'))?.[1] ?? '';
    expect(Number.parseInt(flags(), 8) & O_NONBLOCK, readlinkSync(`/proc/${shell}/fd/1`)).toBe(0);
    end(tmux);
    expect(await tmux.shows(wanted)).toMatch(/^before$/m);
    expect(Number.parseInt(flags(), 8) & O_NONBLOCK).toBe(0);
    await expectRestored(tmux, settings);
  });
}

test('Ctrl-Z gives the terminal back, and fg takes it again', async () => {
  const { tmux } = await watch({ columns: 80, rows: 24 });
  tmux.press('C-z');
  await tmux.shows(/Stopped/);
  expect(tmux.tell('#{alternate_on} #{cursor_flag}')).toBe('0 1');
  tmux.type('fg');
  await tmux.shows(/per second: 412/);
  expect(tmux.tell('#{alternate_on} #{cursor_flag}')).toBe('1 0');
  tmux.press('q');
  await tmux.shows(/^ended with|\$ $/m);
});

test('a daemon that goes away is missed on the screen, and seen again when it is back', async () => {
  const isAlive = { now: true };
  const live = living();
  const control = await fakeControl({
    status: (request, socket) => (isAlive.now ? live(request, socket) : socket.destroy()),
  });
  const tmux = await openTmux({ columns: 80, rows: 24 });
  tmux.type(`clear; ${commandOf('top --interval 100ms', control)}`);
  await tmux.shows(/per second: 412/);
  isAlive.now = false;
  expect(await tmux.shows(/it ended the connection; trying again/)).toMatch(/^time/m);
  isAlive.now = true;
  await tmux.shows(/last reload failed/);
});

test('colours are there, and not with NO_COLOR', async () => {
  const coloured = await watch({ columns: 80, rows: 24 });
  expect(coloured.tmux.colours()).toMatch(/\x1b\[31m(\x1b\[\d+m)*failed/);
  const plain = await watch({ columns: 80, rows: 24 }, { NO_COLOR: '1' });
  expect(plain.tmux.colours()).not.toContain('\x1b[');
});

test('where there is no terminal a table is printed each interval, as often as one wants', async () => {
  const control = await fakeControl({ status: living() });
  const { code, stdout, stderr } = await runClient(['top', '--interval', '100ms', '--count', '2'], {
    control: control.path,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expectGolden('top-plain.txt', stdout);
  expect(control.requests).toHaveLength(2);
});

test('a daemon that is not there is said so, and no screen is opened', async () => {
  const tmux = await openTmux({ columns: 80, rows: 24 });
  tmux.type(`clear; ${process.execPath} ${MAIN} top --control /nonexistent/control; echo "ended with $?"`);
  expect(await tmux.shows(/^ended with 1$/m)).toContain('there is no such socket');
});
