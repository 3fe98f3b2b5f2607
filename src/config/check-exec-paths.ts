import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { startedFiles } from './sandbox/started-files.ts';

interface Context {
  readonly report: Report;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isBelow(file: string, path: string): boolean {
  return file === path || path === '/' || file.startsWith(`${path}/`);
}

/** What is missing for a program to start; libraries are where its loader is, as a rule. */
function checkStart(
  service: LayeredService,
  { report, program }: Context & { readonly program: string },
): void {
  const setting = service.settings.exec_paths;
  const paths = setting?.value.map(realPath) ?? [];
  for (const [index, file] of startedFiles(program).entries()) {
    if (paths.some((path) => isBelow(file, path))) continue;
    const which = index === 0 ? '' : `, which starts ${quote(program)},`;
    report.add({
      code: 'config/exec-paths',
      at: placeOfSetting(service, setting),
      message: `Cannot use "exec_paths" in service ${quote(service.name)}: ${quote(file)}${which} is outside of them`,
      help:
        index === 0
          ? `add ${quote(file)}`
          : `add ${quote(dirname(file))}: its libraries have to be executable as well`,
    });
  }
}

/** Below a root of its own, links lead elsewhere than they do here. */
function programsOf({ settings: { server, decide, chroot } }: LayeredService): readonly string[] {
  const [program] = decide?.value.program ?? [];
  return chroot ? [] : [server?.value, program].filter((path) => path !== undefined);
}

/** `exec_paths` with which the handler could not start, or could execute everything. */
export function checkExecPaths(service: LayeredService, context: Context): void {
  const setting = service.settings.exec_paths;
  if (!setting) return;
  if (setting.value.includes('/')) {
    const message = `Found no use for "exec_paths" in service ${quote(service.name)}: everything is below "/"`;
    context.report.add({ code: 'config/no-effect', at: placeOfSetting(service, setting), message });
  }
  for (const program of programsOf(service)) checkStart(service, { ...context, program });
}
