import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const LOGGING = fileURLToPath(new URL('../../dist/logging/', import.meta.url));

const PROGRAM = `
const { createEventLog } = await import('${LOGGING}logger.js');
const { createFdSink } = await import('${LOGGING}fd-sink.js');
const sink = createFdSink({ fd: 1, writable: () => true, after: () => () => {}, soon: setImmediate });
const log = createEventLog({ format: 'text', sink, now: Date.now });
log.write({ type: 'spawner-gone' });
log.close();
`;

it('loading winston and logging leave O_NONBLOCK of a shared pipe as it was (S16)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'zinetd-winston-'));
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  // Node puts the flags back when it exits, so that only the process itself sees what it did.
  const check = `
    const { readFileSync } = await import('node:fs');
    const [, flags] = /^flags:\\s*(\\d+)$/m.exec(readFileSync('/proc/self/fdinfo/1', 'latin1'));
    if (Number.parseInt(flags, 8) & ${constants.O_NONBLOCK}) throw new Error('O_NONBLOCK is set: ' + flags);`;
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM + check], {
      stdio: ['ignore', writer, 'inherit'],
    });
    closeSync(writer);
    expect(readFileSync(reader, 'latin1')).toContain('The spawner is gone');
  } finally {
    closeSync(reader);
    rmSync(directory, { recursive: true });
  }
});
