import { join } from 'node:path';
import type { Host } from '../../config/host.ts';
import { renderDiagnostics } from '../../config/render-diagnostics.ts';
import { Report } from '../../config/report.ts';
import { toSystemd, type UnitFile } from '../../convert/to-systemd/to-systemd.ts';
import { EXIT } from '../../model/exit-code.ts';
import { printError, printOut } from '../print.ts';
import { loadAny } from './load-any.ts';
import type { ConvertOptions } from './options.ts';
import { makeDirectory, writeNew } from './write-new.ts';

/** One after the other, each below its name, as `systemctl cat` shows them; or in a directory. */
function deliver(units: readonly UnitFile[], output: string | undefined): void {
  if (output === undefined) {
    printOut(units.map(({ name, text }) => `# ${name}\n${text}`).join('\n'));
    return;
  }
  makeDirectory(output);
  for (const { name, text } of units) {
    writeNew(join(output, name), text);
    printError(`${join(output, name)}: written\n`);
  }
}

/** `--to systemd`: services of any format as units, and what these have no words for on standard error. */
export async function convertToUnits({ files, output, strict }: ConvertOptions, host: Host): Promise<number> {
  const { resolved, diagnostics } = await loadAny(files, host);
  const report = new Report({ leavesOut: true });
  const services = resolved?.services.map(({ settings }) => settings) ?? [];
  const units = toSystemd(services, { report, host });
  const all = [...diagnostics, ...report.diagnostics()];
  printError(renderDiagnostics(all));
  deliver(units, output);
  return all.some(({ severity }) => severity === 'error' || strict) ? EXIT.no : EXIT.ok;
}
