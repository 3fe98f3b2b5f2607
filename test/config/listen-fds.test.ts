import { describe, expect, test } from 'vitest';
import { codes, loadService, loadText, oneService } from './load-text.ts';

const waiting = { listen: 'udp://127.0.0.1:0', wait: true, mode: 'extended' };

describe('"listen_fds"', () => {
  test.each([
    [{ mode: 'inetd' }, undefined],
    [{}, 's'],
    [{ listen_fds: false }, undefined],
    [{ mode: 'inetd', listen_fds: true, stderr: 'log' }, 's'],
    [{ wait: false }, undefined],
  ])('is what the mode says, or what is written: %j', (attributes, name) => {
    expect(loadService({ ...waiting, ...attributes }).programs[0]?.listenName).toBe(name);
  });

  test.each([
    [{ wait: false, listen_fds: true }, 'without "wait: true"'],
    [{ stderr: 'socket' }, 'nobody is at the other end'],
    [{ mode: 'inetd', listen_fds: true }, 'nobody is at the other end'],
    [{ env: { LISTEN_PID: '1' } }, 'Cannot set "LISTEN_PID"'],
    [{ env: { LISTEN_FDNAMES: 'x' } }, 'Cannot set "LISTEN_FDNAMES"'],
  ])('is refused beside what contradicts it: %j', (attributes, reason) => {
    const result = loadText(oneService({ ...waiting, ...attributes }));
    expect(codes(result)).toEqual(['config/conflict']);
    expect(result.diagnostics[0]?.message).toContain(reason);
  });

  test('says nothing of services that do not wait where "defaults" have it', () => {
    const service = { listen: 'tcp://127.0.0.1:0', server: '/bin/true', user: 'nobody' };
    const defaults = { listen_fds: true, mode: 'extended' };
    const result = loadText(JSON.stringify({ version: 1, defaults, services: { s: service } }));
    expect(codes(result)).toEqual([]);
    expect(result.config?.services[0]?.programs[0]?.listenName).toBeUndefined();
  });

  test('is nothing to a program that is asked about clients', () => {
    const decide = { program: ['/bin/cat'] };
    const [handler, decider] = loadService({ ...waiting, decide }).programs;
    expect([handler?.listenName, decider?.listenName, decider?.stderr]).toEqual(['s', undefined, 'socket']);
  });
});
