import type { CgroupPlace } from '../host-cgroups.ts';

/** Where the handlers of a service are, below the cgroup of zinetd. A name is a file's name as well, and of 64 characters at the most. */
export function directoryOf(service: string, { base }: CgroupPlace): string {
  return `${base}/service-${service}`;
}
