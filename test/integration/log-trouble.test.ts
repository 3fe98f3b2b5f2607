import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loggedServices, RESUME_MS } from '../faults/log-load.ts';
import { ask } from '../harness/client.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

describe('the hard limit of a log file', () => {
  test('ends the records and not zinetd, as it ended xinetd, until the file is rotated (S117)', async () => {
    const path = join(scratch('limited'), 'log');
    const log = { log_format: 'text', log_type: { file: path, soft: '1k', hard: '2k' } };
    const zinetd = await startZinetd({ config: loggedServices(log), lossy: true });
    await until(() => existsSync(path), { what: 'the log is open' });
    await zinetd.settled();
    for (let times = 0; times < 40; times++) expect(await ask(zinetd.port('it'), '')).toBe('ok\n');
    expect(await zinetd.event('log-limit')).toMatchObject({ limit: 'soft', level: 'warning' });
    expect(await zinetd.event('log-limit')).toMatchObject({ limit: 'hard', to: path });
    const full = readFileSync(path, 'latin1');
    expect(full.length).toBeGreaterThan(1900);
    expect(full.length).toBeLessThanOrEqual(2048);
    rmSync(path);
    zinetd.signal('SIGHUP');
    const { lost } = await zinetd.event('log-resumed', { timeoutMs: RESUME_MS });
    const kept = full.trim().split('\n').length;
    expect(kept + Number(lost)).toBe(80);
    await ask(zinetd.port('it'), '');
    await until(() => readFileSync(path, 'latin1').includes('START: it'), { what: 'the log goes on' });
    expect(readFileSync(path, 'latin1')).toContain(`Lost ${lost} log records here`);
    expect(zinetd.log.count('log-limit')).toBe(2);
  });
});
