import type { Host } from '../../src/config/host.ts';
import { type LoadResult, loadConfig } from '../../src/config/load.ts';
import type { Service } from '../../src/model/service.ts';
import { fakeHost } from './fake-host.ts';

export function loadText(text: string, host: Host = fakeHost()): LoadResult {
  return loadConfig({ name: 'test.yaml', text }, host);
}

/** A document with one service that is right but for what `attributes` changes. */
export function oneService(attributes: Readonly<Record<string, unknown>>): string {
  const service = { listen: 'tcp://127.0.0.1:0', server: '/bin/true', user: 'nobody', ...attributes };
  return JSON.stringify({ version: 1, services: { s: service } });
}

/** `line:column code` of each diagnostic. */
export function places(result: LoadResult): readonly string[] {
  return result.diagnostics.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`);
}

export function codes(result: LoadResult): readonly string[] {
  return result.diagnostics.map(({ code }) => code);
}

/** The one service of a configuration that must load. */
export function loadService(attributes: Readonly<Record<string, unknown>>, host: Host = fakeHost()): Service {
  const result = loadText(oneService(attributes), host);
  const service = result.config?.services[0];
  if (!service) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return service;
}
