import { describe, expect, test } from 'vitest';
import { Digests } from '../../src/compile/digest.ts';
import { serviceDigest } from '../../src/compile/service-digest.ts';
import type { Config } from '../../src/model/config.ts';
import type { Outlet } from '../../src/model/outlet.ts';
import type { Service } from '../../src/model/service.ts';
import { EXAMPLE_LOG } from '../admission/example-policy.ts';
import { configOf, plain } from './example.ts';

const digests = () => new Digests('key');

describe('a digest', () => {
  test('is the same for the same numbers, and another for any other, whether they are few or many', () => {
    for (const length of [4, 1000]) {
      const [one, same, other] = [0, 0, 1].map((last) => {
        const words = new Uint32Array(length);
        words[length - 1] = last;
        return digests().of({ words });
      });
      expect(one).toBe(same);
      expect(one).not.toBe(other);
    }
  });

  test('of a list that two services have is the same as of two lists', () => {
    const list = new Uint32Array(1000).fill(7);
    const shared = digests();
    expect([shared.of({ list }), shared.of({ list })]).toEqual(
      [list.slice(), list.slice()].map((each) => digests().of({ list: each })),
    );
  });

  test('tells no limit from none, and cannot be made without the key', () => {
    const values = [Number.POSITIVE_INFINITY, null, 0, 'Infinity '];
    expect(new Set(values.map((hard) => digests().of({ hard }))).size).toBe(values.length);
    expect(new Digests('other').of(1)).not.toBe(digests().of(1));
  });
});

describe('the digest of a service', () => {
  const file = (path: string): Outlet => ({ kind: 'file', path, mode: 0o640 });
  const to = { to: 'tcp://192.0.2.1:79', connectMs: 1, idleMs: undefined, idleStopMs: undefined };
  const log = (outlet: number) =>
    ({
      kind: 'file',
      outlet,
      path: '/a',
      softBytes: undefined,
      hardBytes: undefined,
      format: 'text',
    }) as const;

  function digestOf(changes: Partial<Service>, config: Partial<Config>): string {
    const service = { ...plain, ...changes };
    return serviceDigest(service, { config: configOf([service], config), digests: digests() });
  }

  test('does not change when its log and its target move to other rows, only when they are others', () => {
    const first = digestOf(
      { redirect: { outlet: 1, ...to } },
      { outlets: [file('/a'), file('/b')], logs: [log(0)] },
    );
    const moved = digestOf(
      { redirect: { outlet: 0, ...to }, log: { ...EXAMPLE_LOG, destination: 1 } },
      { outlets: [file('/b'), file('/new'), file('/a')], logs: [{ kind: 'stdout', format: 'text' }, log(2)] },
    );
    expect(moved).toBe(first);
    const outlets = [file('/a'), file('/c')];
    expect(digestOf({ redirect: { outlet: 1, ...to } }, { outlets, logs: [log(0)] })).not.toBe(first);
  });

  test('is another where nothing is logged', () => {
    const silent = { log: { ...EXAMPLE_LOG, destination: undefined } };
    expect(digestOf(silent, {})).not.toBe(digestOf({}, {}));
    expect(digestOf(silent, {})).toBe(digestOf(silent, { logs: [log(0)] }));
  });
});
