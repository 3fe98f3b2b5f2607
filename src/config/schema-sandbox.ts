import { z } from 'zod';
import { CAPABILITIES } from '../model/capability.ts';
import type { AttributeName } from './document.ts';
import { absolutePath } from './schema-parts.ts';

const MOST_PATHS = 256;

const CAPABILITY_FORM = 'must be a name of capabilities(7), such as CAP_NET_BIND_SERVICE';
/** What the kernel takes as one word. */
const policyWord = (error: string, form: RegExp): z.ZodString => z.string().max(1024).regex(form, { error });
const paths = z.array(absolutePath).max(MOST_PATHS);

export type SandboxName = Extract<
  AttributeName,
  | ('required' | 'no_new_privileges' | 'capabilities' | 'scoped' | 'dynamic_user' | 'chroot')
  | ('protect_system' | 'protect_home' | 'read_only_paths' | 'read_write_paths')
  | ('exec_paths' | 'apparmor_profile' | 'selinux_context')
  | ('private_tmp' | 'private_network' | 'private_pids' | 'private_ipc')
>;

/** What a handler is kept from, in the words of systemd.exec(5). */
export const SANDBOX_SHAPE: Readonly<Record<SandboxName, z.ZodType>> = {
  no_new_privileges: z
    .boolean()
    .describe(
      'Whether no program can give the handler more, such as one that is setuid. Default: true in mode extended.',
    ),
  capabilities: z
    .array(z.enum(CAPABILITIES, { error: CAPABILITY_FORM }))
    .max(CAPABILITIES.length)
    .describe(
      'All that the handler has and can ever have; names of capabilities(7). Default: [] in mode extended.',
    ),
  scoped: z
    .boolean()
    .describe(
      'No signals to processes outside, no abstract sockets of theirs (Landlock). Default: true in mode extended.',
    ),
  dynamic_user: z.boolean().describe('A uid of its own that no user has, instead of "user". Default: false.'),
  chroot: absolutePath.describe(
    'The root directory of the handler; "server" and "cwd" are inside. Default: none.',
  ),
  protect_system: z
    .union([z.boolean(), z.enum(['full', 'strict'])], { error: 'must be true, false, full or strict' })
    .describe('Read-only: /usr and /boot (true), /etc too (full), or everything (strict). Default: false.'),
  protect_home: z
    .union([z.boolean(), z.literal('read-only')], { error: 'must be true, false or read-only' })
    .describe('Whether /home, /root and /run/user are empty, or read-only. Default: false.'),
  read_only_paths: paths.describe('Paths that nothing can be written below. Default: none.'),
  read_write_paths: paths.describe('Exceptions from "protect_system" and "read_only_paths". Default: none.'),
  exec_paths: paths.describe('Nothing outside of these paths can be executed. Default: everything can.'),
  apparmor_profile: policyWord(
    'must be the name of a profile, with "-" in front if it may be missing',
    /^-?[!-,.-~][!-~]*$/,
  ).describe(
    'The profile of AppArmor that confines the handler; with "-" in front only where it is. Default: that of zinetd.',
  ),
  selinux_context: policyWord(
    'must be a context such as system_u:system_r:ftpd_t:s0, with "-" in front if SELinux may be missing',
    /^-?[!-,.-9;-~][!-9;-~]*(:[!-~]+){2,3}$/,
  ).describe(
    'The context of SELinux that the handler runs in; with "-" in front only where that is on. Default: as the policy has it.',
  ),
  private_tmp: z
    .boolean()
    .describe('An empty /tmp and /var/tmp for each handler, in memory. Default: false.'),
  private_network: z
    .boolean()
    .describe('No network but the connection itself: a network namespace. Default: false.'),
  private_pids: z
    .boolean()
    .describe('The handler is PID 1 of its own, and all that it leaves behind ends with it. Default: false.'),
  private_ipc: z.boolean().describe('System V IPC and message queues of its own. Default: false.'),
  required: z
    .boolean()
    .describe('Whether the service is refused where the kernel lacks what it asks for. Default: false.'),
};
