import { expect, test } from 'vitest';
import { policyOf } from '../../src/compile/policy.ts';
import { loadText } from '../config/load-text.ts';
import { configOf, exampleConfig, plain } from './example.ts';

test('a list that two services name is one table, which the dispatcher holds once', () => {
  const service = { server: '/bin/true', user: 'nobody', only_from: ['10.0.0.0/8', '192.0.2.0/24'] };
  const services = { a: { ...service, listen: 'tcp://127.0.0.1:1' } };
  const { config } = loadText(JSON.stringify({ version: 1, services }));
  const [one] = config?.services ?? [];
  if (!one) throw new Error('It does not load');
  const [first, second] = policyOf(configOf([one, { ...one, name: 'b' }])).services;
  expect(first?.access?.onlyFrom?.tables).toHaveLength(1);
  expect(second?.access?.onlyFrom?.tables[0]).toBe(first?.access?.onlyFrom?.tables[0]);
});

test('connections of a pool are told by their numbers, whatever else their handlers get to know', () => {
  const pool = { workers: 1, maxConnections: 1, maxRequests: undefined, maxAgeMs: undefined };
  const [program] = plain.programs;
  if (!program) throw new Error('The example has no program');
  const told = (peerEnv: (typeof program)['peerEnv']) =>
    policyOf(configOf([{ ...plain, pool, programs: [{ ...program, peerEnv }] }])).services[0]?.peerEnv;
  expect([told([]), told(['xinetd']), told(['zinetd'])]).toEqual([
    ['zinetd'],
    ['xinetd', 'zinetd'],
    ['zinetd'],
  ]);
  expect(policyOf(configOf([{ ...plain, programs: [] }])).services[0]?.peerEnv).toEqual([]);
});

test('a service that has a cgroup is told where that is, and no other', () => {
  expect(policyOf(exampleConfig).services.map(({ cgroup }) => cgroup)).toEqual([
    '/sys/fs/cgroup/example/zinetd-1/service-echo',
    undefined,
  ]);
  expect(policyOf({ ...exampleConfig, cgroups: undefined }).services[0]?.cgroup).toBeUndefined();
});
