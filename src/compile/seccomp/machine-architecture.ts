import type { Architecture } from '../../model/architecture.ts';
import { InvariantError } from '../../model/errors.ts';

/** That of this process; the native pieces build on these two only. */
export function machineArchitecture(): Architecture {
  const { arch } = process;
  if (arch === 'x64' || arch === 'arm64') return arch;
  throw new InvariantError(`Cannot filter system calls on "${arch}"`);
}
