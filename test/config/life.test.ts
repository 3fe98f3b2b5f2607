import { expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { codes, loadService, loadText, oneService } from './load-text.ts';

test('a service says how long its connections may last; by default they last as long as they like', () => {
  expect(loadService({}).life).toEqual({ onReload: 'keep', onStop: 'wait', maxAgeMs: undefined });
  const life = { on_reload: 'terminate', on_stop: 'terminate', max_connection_age: '2h' };
  expect(loadService(life).life).toEqual({ onReload: 'terminate', onStop: 'terminate', maxAgeMs: 7_200_000 });
});

test.each([
  { max_connection_age: '0s' },
  { max_connection_age: '366d' },
  { max_connection_age: 60 },
  { on_reload: 'kill' },
  { on_stop: true },
])('a value that makes no sense is refused: %j', (attributes) => {
  expect(codes(loadText(oneService(attributes))).join()).toMatch(/^config\/(invalid-value|wrong-type)$/);
});

test('with "wait" an age is a mistake where the service says it, and nothing to it where "defaults" do', () => {
  const waiting = { listen: 'udp://127.0.0.1:0', wait: true };
  expect(codes(loadText(oneService({ ...waiting, max_connection_age: '1h' })))).toEqual(['config/conflict']);
  const document = { ...JSON.parse(oneService(waiting)), defaults: { max_connection_age: '1h' } };
  const { config, resolved } = loadText(JSON.stringify(document));
  expect(config?.services[0]?.life.maxAgeMs).toBeUndefined();
  const printed = resolved ? printResolution(resolved) : '';
  expect(printed).not.toContain('max_connection_age');
  expect(codes(loadText(printed))).toEqual([]);
});
