import type { SandboxCall } from '../../model/sandbox.ts';

type Arguments = SandboxCall['args'];
type Options = Partial<Pick<SandboxCall, 'isLate' | 'isOptional'>>;

/** A call of the child: ahead of the identity, and nothing without it, unless the options say otherwise. */
export function call(name: SandboxCall['name'], args: Arguments, options: Options = {}): SandboxCall {
  return { name, args, isLate: options.isLate ?? false, isOptional: options.isOptional ?? false };
}
