import { SYSCALL_GROUP_NAMES, SYSCALL_GROUPS } from '../src/model/syscall-groups.ts';
import { SYSCALL_NAMES, syscallNumber } from '../src/model/syscall-numbers.ts';
import { table } from './table.ts';

const INTRODUCTION = `# System calls by group

What [\`system_calls\`](configuration.md#system_calls) can name: groups, with the names and the members that systemd gives them, and every
call of Linux 6.19 on x86-64 and aarch64. This page is made from the tables: \`npm run docs\` renews it.

Of a group that is allowed, io_uring is left out (\`io_uring_setup\`, \`io_uring_enter\`, \`io_uring_register\`): it has to be allowed by name.
\`@sandbox\`, and calls that are newer than systemd 252, are where their likes are.
`;

const X64_ONLY = `## Calls of x86-64 only

An entry that names one of them says nothing on aarch64, where the C library does the same by other calls.
`;

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function groupRows(): readonly (readonly string[])[] {
  return SYSCALL_GROUP_NAMES.map((name) => {
    const { title, members } = SYSCALL_GROUPS[name];
    return [`\`${name}\``, title, name === '@known' ? 'all' : code(members)];
  });
}

/** docs/reference/system-calls.md. */
export function systemCallsPage(): string {
  const grouped = new Set(
    SYSCALL_GROUP_NAMES.filter((name) => name !== '@known').flatMap((name) => SYSCALL_GROUPS[name].members),
  );
  const loose = SYSCALL_NAMES.filter((name) => !grouped.has(name));
  const ofX64 = SYSCALL_NAMES.filter((name) => syscallNumber(name, 'arm64') === undefined);
  return [
    INTRODUCTION,
    table(['group', 'what it is for', 'members'], groupRows()),
    `## Calls in no group\n\n${code(loose)}\n`,
    `${X64_ONLY}\n${code(ofX64)}\n`,
  ].join('\n');
}
