import type { Registry as PromRegistry } from 'prom-client';
import { FAMILIES } from './families.ts';
import type { Family, Sample } from './family.ts';
import { Registry } from './registry.ts';
import type { MetricsView } from './view.ts';

/** `openmetrics` is what Prometheus asks for, `text` what its older tools read. */
export type ExpositionFormat = 'openmetrics' | 'text';

/** Samples that are written in one go: about a millisecond. */
const SAMPLES_AT_ONCE = 500;

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
  text: Registry.PROMETHEUS_CONTENT_TYPE,
};

/** What prom-client asks of a metric. */
interface Written {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly metricName: string;
    readonly labels: Sample['labels'];
    readonly value: number;
  }[];
}

type Writer = PromRegistry & { getMetricsAsString(metric: { get(): Written }): Promise<string> };

/** At least one piece, which may be empty. */
function* piecesOf(family: Family, view: MetricsView): Generator<readonly Sample[]> {
  if (family.of === 'daemon') {
    yield family.samples(view);
    return;
  }
  let piece: Sample[] = [];
  for (const service of view.services) {
    piece.push(...family.samples(service));
    if (piece.length < SAMPLES_AT_ONCE) continue;
    yield piece;
    piece = [];
  }
  yield piece;
}

/** OpenMetrics has the name of a counter without `_total` in its head, and writes it behind its samples. */
function written(
  { name, type, help }: Family,
  { format, samples }: { readonly format: ExpositionFormat; readonly samples: readonly Sample[] },
): Written {
  const isTotal = type === 'counter' && format === 'text';
  const named = isTotal ? `${name}_total` : name;
  const values = samples.map(({ labels, value, suffix = '' }) => {
    return { metricName: `${named}${suffix}`, labels, value };
  });
  return { name: named, help, type, values };
}

/** Its two lines of head stand once. */
function withoutHead(text: string): string {
  const lines = text.split('\n').slice(2);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** A view as text, in pieces that are short work each; the last one ends it. */
export async function* expose(view: MetricsView, format: ExpositionFormat): AsyncGenerator<string> {
  const writer = new Registry() as Writer;
  writer.setContentType(CONTENT_TYPES[format] as Parameters<PromRegistry['setContentType']>[0]);
  for (const family of FAMILIES) {
    let isFirst = true;
    for (const samples of piecesOf(family, view)) {
      const piece = written(family, { format, samples });
      const text = await writer.getMetricsAsString({ get: () => piece });
      yield isFirst ? `${text}\n` : withoutHead(text);
      isFirst = false;
    }
  }
  if (format === 'openmetrics') yield '# EOF\n';
}
