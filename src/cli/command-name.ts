import type { AnyCommand } from './command.ts';

/** `explain` of `explain <service>`. */
export function commandName(command: AnyCommand): string {
  return command.usage.split(' ')[0] ?? command.usage;
}
