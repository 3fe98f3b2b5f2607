import { writeFileSync } from 'node:fs';
import type { Host } from '../config/host.ts';
import { printDocument } from '../config/print-document.ts';
import { quote } from '../config/quote.ts';
import { diagnosticsJson, renderDiagnostics } from '../config/render-diagnostics.ts';
import { harden, type Proposal } from '../convert/harden.ts';
import { SyscallError, UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Command } from './command.ts';
import { foreignSource } from './config-source.ts';
import { compareFiles, verify } from './convert/compare.ts';
import { type Conversion, convertSource } from './convert/conversion.ts';
import { detectFiles } from './convert/detect-files.ts';
import { builder, type ConvertOptions } from './convert/options.ts';
import { convertToUnits } from './convert/units.ts';
import { writeDirectory } from './convert/write-directory.ts';
import type { ForeignName } from './format-options.ts';
import { machineHost } from './host.ts';
import { printError, printOut } from './print.ts';
import { renderAccounts } from './render-accounts.ts';

function formatOf({ from, files }: ConvertOptions): ForeignName {
  const format = from === 'auto' ? detectFiles(files) : from;
  if (format !== 'native') return format;
  throw new UsageError(
    'Cannot convert what is a configuration of zinetd already\n   help: "zinetd check" looks at it',
  );
}

function writeReport(
  path: string,
  { format, reports, diagnostics }: Conversion & { format: ForeignName },
): void {
  const report = { version: 1, format, lines: reports, diagnostics: diagnosticsJson(diagnostics) };
  try {
    writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new SyscallError({ call: 'write', code, subject: quote(path) });
  }
}

function renderProposals(proposals: readonly Proposal[]): string {
  return proposals
    .map(({ service, attribute, meaning }) => `${service}: ${attribute} - ${meaning}\n`)
    .join('');
}

/** What `--mode extended` makes of it. */
function asWished(conversion: Conversion, mode: ConvertOptions['mode']): Conversion {
  if (mode === 'inetd' || !conversion.root) return conversion;
  const { root, proposals } = harden(conversion.root);
  printError(renderProposals(proposals));
  return { ...conversion, root };
}

/** The document on standard output, or in a directory. */
function deliver({ root, comments }: Conversion, output: string | undefined): void {
  if (!root) return;
  if (output === undefined) printOut(printDocument(root, comments));
  else for (const path of writeDirectory(output, { root, comments })) printError(`${path}: written\n`);
}

function exitCode({ diagnostics }: Conversion, strict: boolean): number {
  const isWrong = diagnostics.some(({ severity }) => severity === 'error' || strict);
  return isWrong ? EXIT.no : EXIT.ok;
}

async function convert(options: ConvertOptions, host: Host): Promise<number> {
  const format = formatOf(options);
  const source = await foreignSource({ paths: options.files, format, dialect: options.dialect });
  const literal = convertSource(source, { host, all: options.all === true });
  printError(renderDiagnostics(literal.diagnostics));
  printError(renderAccounts(literal.accounts, literal.reports));
  if (options.report !== undefined) writeReport(options.report, { ...literal, format });
  const conversion = asWished(literal, options.mode);
  if (options.verify && conversion.root) {
    return verify(literal.source, { text: printDocument(conversion.root), host });
  }
  deliver(conversion, options.output);
  return exitCode(literal, options.strict === true);
}

/** The native document on standard output, what became of each line on standard error. */
async function run(options: ConvertOptions): Promise<number> {
  const host = machineHost();
  if (options.diff) return await compareFiles(options.files, host);
  return await (options.to === 'systemd' ? convertToUnits(options, host) : convert(options, host));
}

export const convertCommand: Command<ConvertOptions> = {
  usage: 'convert <files..>',
  describe: 'Print files of another super-server as a configuration of zinetd',
  repeatable: ['files'],
  builder,
  run,
};
