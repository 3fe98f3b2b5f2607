import type { LandlockRules } from '../model/sandbox.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';

/** It is for those who may gain no privileges, as a scope is (settle-scope.ts). */
function checkPrivileges(service: LayeredService, report: Report): void {
  const { no_new_privileges: seal } = service.settings;
  if (seal?.value !== false) return;
  report.add({
    code: 'config/conflict',
    at: placeOfSetting(service, seal),
    message: `Cannot switch off "no_new_privileges" in service ${quote(service.name)}: zinetd has no CAP_SYS_ADMIN, and paths are for Landlock`,
  });
}

/** A mount denies mapping a file as code as well, which is how a loader starts one. */
function checkExecution(service: LayeredService, report: Report): void {
  const { exec_paths: execution, required } = service.settings;
  if (!execution || execution.value.includes('/')) return;
  const isRequired = required?.value === true;
  const advice = 'start zinetd as root, or with that capability';
  report.add({
    code: isRequired ? 'config/kernel-too-poor' : 'config/kernel-lacks',
    at: placeOfSetting(service, execution),
    message: `Cannot keep to all of "exec_paths" in service ${quote(service.name)}: zinetd has no CAP_SYS_ADMIN, and a loader in them can start what is outside`,
    help: isRequired ? advice : `${advice}; "required: true" refuses the service instead`,
  });
}

/** What Landlock wants where it stands in for mounts, and what it does not see. */
export function checkLandlock(
  service: LayeredService,
  { rules, report }: { readonly rules: LandlockRules | undefined; readonly report: Report },
): void {
  if (!rules) return;
  checkPrivileges(service, report);
  checkExecution(service, report);
}
