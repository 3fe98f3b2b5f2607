import type { Capability } from '../../model/capability.ts';
import type { LayeredService } from '../layer.ts';

/** What the configuration says of a sandbox, with nothing left open. */
export interface Wishes {
  readonly noNewPrivileges: boolean;
  /** Undefined: those that come with the identity. */
  readonly capabilities: readonly Capability[] | undefined;
  readonly isScoped: boolean;
  readonly chroot: string | undefined;
  readonly protectSystem: boolean | 'full' | 'strict';
  readonly protectHome: boolean | 'read-only';
  readonly readOnlyPaths: readonly string[];
  readonly readWritePaths: readonly string[];
  /** Undefined: whatever may be read can be executed. */
  readonly execPaths: readonly string[] | undefined;
  readonly hasCredentials: boolean;
  /** As they are written: with "-" in front what may be missing. */
  readonly apparmorProfile: string | undefined;
  readonly selinuxContext: string | undefined;
  readonly privateTmp: boolean;
  readonly privateNetwork: boolean;
  readonly privatePids: boolean;
  readonly privateIpc: boolean;
}

export function wishesOf({ settings }: LayeredService): Wishes {
  return {
    noNewPrivileges: settings.no_new_privileges?.value ?? false,
    capabilities: settings.capabilities?.value,
    isScoped: settings.scoped?.value ?? false,
    chroot: settings.chroot?.value,
    protectSystem: settings.protect_system?.value ?? false,
    protectHome: settings.protect_home?.value ?? false,
    readOnlyPaths: settings.read_only_paths?.value ?? [],
    readWritePaths: settings.read_write_paths?.value ?? [],
    execPaths: settings.exec_paths?.value,
    hasCredentials: settings.credentials !== undefined,
    apparmorProfile: settings.apparmor_profile?.value,
    selinuxContext: settings.selinux_context?.value,
    privateTmp: settings.private_tmp?.value ?? false,
    privateNetwork: settings.private_network?.value ?? false,
    privatePids: settings.private_pids?.value ?? false,
    privateIpc: settings.private_ipc?.value ?? false,
  };
}
