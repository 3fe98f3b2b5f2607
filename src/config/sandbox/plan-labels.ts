import type { SandboxCall } from '../../model/sandbox.ts';
import { call } from './call.ts';
import type { Wishes } from './wishes.ts';

const APPARMOR = '/proc/self/attr/apparmor/exec';
const SELINUX = '/proc/self/attr/exec';

/** All of a text into a file that is there; what is written with "-" in front may not be known to the kernel. */
function write(
  path: string,
  { text, written }: { readonly text: string; readonly written: string },
): SandboxCall {
  return call('write', [path, text, text.length, 0, 0], { isOptional: written.startsWith('-') });
}

function plain(written: string): string {
  return written.replace(/^-/, '');
}

/**
 * What the kernel is to take the handler for once it is executed. First of all: a view of the file system may have no /proc, or
 * one that nothing can be written to.
 */
export function planLabels({ apparmorProfile, selinuxContext }: Wishes): readonly SandboxCall[] {
  return [
    ...(apparmorProfile === undefined
      ? []
      : [write(APPARMOR, { text: `exec ${plain(apparmorProfile)}`, written: apparmorProfile })]),
    ...(selinuxContext === undefined
      ? []
      : [write(SELINUX, { text: plain(selinuxContext), written: selinuxContext })]),
  ];
}
