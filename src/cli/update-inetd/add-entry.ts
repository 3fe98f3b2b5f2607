import type { Host } from '../../config/host.ts';
import { loadConfig } from '../../config/load.ts';
import { printDocument } from '../../config/print-document.ts';
import { escapeUnprintable, quote } from '../../config/quote.ts';
import { renderDiagnostics } from '../../config/render-diagnostics.ts';
import { readEntry } from '../../convert/inetd/read-entry.ts';
import { keepServices } from '../../convert/keep-services.ts';
import { servicesIn } from '../../convert/services-in.ts';
import { EXIT } from '../../model/exit-code.ts';
import { printError, printOut } from '../print.ts';
import type { DropIns } from './drop-ins.ts';

/** The line without what takes it out of service. */
function plain(entry: string): string {
  return entry
    .replaceAll('\\t', '\t')
    .replace(/^[#\s]*(<off>[#\s]*)?/, '')
    .trim();
}

interface Added {
  readonly name: string;
  readonly text: string;
}

/** The file for a line; undefined after a diagnostic: a file with an error would stop all of the configuration. */
function fileFor(entry: string, { host, group }: { host: Host; group: string }): Added | undefined {
  const line = plain(entry);
  const source = {
    paths: ['the entry'],
    format: (_: readonly string[], context: Parameters<typeof readEntry>[1]) => readEntry(line, context),
  };
  const { foreign, resolved, diagnostics } = loadConfig(source, host);
  printError(renderDiagnostics(diagnostics.filter(({ severity }) => severity === 'error')));
  const name = resolved?.services[0]?.settings.name;
  if (!foreign?.root || name === undefined || servicesIn(foreign.root).length !== 1) return undefined;
  const head = [
    ` inetd: ${escapeUnprintable(line.replaceAll(/\s+/g, ' '))}`,
    ` Added by update-inetd, group ${escapeUnprintable(group)}`,
  ];
  return {
    name,
    text: printDocument(keepServices(foreign.root, new Set([name])), { head, beside: new Map(), tail: [] }),
  };
}

/** Adds a service, or switches it on where it was added before. */
export function addEntry(
  entry: string,
  { dropIns, ...options }: { readonly dropIns: DropIns; readonly host: Host; readonly group: string },
): number {
  const [service = ''] = plain(entry).split(/\s/);
  const file = fileFor(entry, options);
  if (!file) return EXIT.no;
  const before = dropIns.all().find(({ name }) => name === file.name);
  if (!before && dropIns.has(file.name)) {
    printError(
      `Cannot add ${quote(service)}: there is a file for ${quote(file.name)} that no package made\n`,
    );
    return EXIT.no;
  }
  if (before?.isOn) printOut(`${file.name}: there already\n`);
  else if (before) dropIns.switch(before);
  else dropIns.add(file.name, file.text);
  if (!before && /^\s*#/.test(entry))
    for (const added of dropIns.all()) if (added.name === file.name) dropIns.switch(added);
  if (!before?.isOn) printOut(`${file.name}: ${before ? 'switched on' : 'added'}\n`);
  return EXIT.ok;
}
