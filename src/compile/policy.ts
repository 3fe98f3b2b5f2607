import type { Config } from '../model/config.ts';
import type { Policy } from '../model/policy.ts';

/** What the dispatcher decides by: no program, no user, no path goes to it. */
export function policyOf(config: Config): Policy {
  return {
    services: config.services.map((service) => ({
      name: service.name,
      instances: service.instances,
      listeners: service.listeners.map(({ endpoint }) => ({
        ...endpoint,
        bytes: Array.from(endpoint.bytes),
      })),
    })),
  };
}

export function encodePolicy(config: Config): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(policyOf(config)));
}
