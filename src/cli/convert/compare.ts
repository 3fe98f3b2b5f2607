import { compareResolutions, type Difference } from '../../config/compare-resolutions.ts';
import type { Host } from '../../config/host.ts';
import { type LoadResult, loadConfig } from '../../config/load.ts';
import { resolutionValues } from '../../config/print.ts';
import { renderDiagnostics } from '../../config/render-diagnostics.ts';
import { countOf } from '../../model/count-of.ts';
import { UsageError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import { printError, printOut } from '../print.ts';
import { loadAny } from './load-any.ts';
import { renderDifferences } from './render-differences.ts';

type Resolution = NonNullable<LoadResult['resolved']>;

/** Services that run alone: what is switched off means nothing. */
export function differencesOf(left: Resolution, right: Resolution): readonly Difference[] {
  const running = (resolution: Resolution): Resolution => ({
    ...resolution,
    services: resolution.services.filter(({ settings }) => settings.settings.enabled?.value === true),
  });
  return compareResolutions(resolutionValues(running(left)), resolutionValues(running(right)));
}

/** What `--verify` says of a document and the files that it was made of. */
export function verify(source: LoadResult, { text, host }: { text: string; host: Host }): number {
  const converted = loadConfig({ name: 'the converted document', text }, host);
  const errors = converted.diagnostics.filter(({ severity }) => severity === 'error');
  printError(renderDiagnostics(errors));
  if (!source.resolved || !converted.resolved) return EXIT.no;
  const differences = differencesOf(source.resolved, converted.resolved);
  printOut(renderDifferences(differences));
  if (differences.length > 0) return EXIT.no;
  const services = countOf(source.resolved.config.services.length, 'service');
  printOut(`No difference in ${services}\n`);
  return EXIT.ok;
}

/** `--diff OLD NEW`: 0 where they mean the same, as diff(1) has it. */
export async function compareFiles(files: readonly string[], host: Host): Promise<number> {
  const [left, right, more] = files;
  if (left === undefined || right === undefined || more !== undefined) {
    throw new UsageError(
      'Cannot compare with "--diff": it takes two configurations, the old one and the new one',
    );
  }
  const results = await Promise.all([left, right].map((path) => loadAny([path], host)));
  printError(
    renderDiagnostics(
      results.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === 'error')),
    ),
  );
  const [before, after] = results.map(({ resolved }) => resolved);
  if (!before || !after) return EXIT.no;
  const differences = differencesOf(before, after);
  printOut(renderDifferences(differences));
  return differences.length > 0 ? EXIT.no : EXIT.ok;
}
