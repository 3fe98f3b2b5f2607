import type { ServiceStatus, Status } from '../control/messages.ts';
import { formatCount } from './format-count.ts';
import { printable } from './printable.ts';
import { handlersOf, listenerTrouble, whyOf } from './service-words.ts';
import { statusHead } from './status-head.ts';
import { type TableColumn, textTable } from './text-table.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'SERVICE', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'HANDLERS', align: 'right' },
  { title: 'STARTED', align: 'right' },
  { title: 'REFUSED', align: 'right' },
  { title: 'FAILED', align: 'right' },
];
const LISTENERS = 'LISTENERS';
const GAP = '  ';
const INDENT = '    ';

interface Layout {
  /** How wide the terminal is. */
  readonly columns: number;
  /** Whether each service says what its clients were refused for. */
  readonly hasDetails: boolean;
}

function cellsOf(service: ServiceStatus): readonly string[] {
  const { started, refused, failed } = service.counts;
  return [
    printable(service.name),
    service.state,
    handlersOf(service),
    ...[started, refused, failed].map(formatCount),
  ];
}

function refusalsOf({ counts }: ServiceStatus): string {
  const words = Object.entries(counts.refusedFor).filter(([, count]) => count > 0);
  const sorted = words.toSorted(([, left], [, right]) => right - left);
  return sorted.length === 0
    ? ''
    : `refused for: ${sorted.map(([word, count]) => `${word} ${count}`).join(', ')}`;
}

function notesOf(service: ServiceStatus, { hasDetails }: Layout): readonly string[] {
  const troubles = service.listeners.flatMap((listener) => listenerTrouble(listener) ?? []);
  const cgroup = service.cgroup === undefined ? '' : `handlers are in ${service.cgroup}`;
  const notes = [whyOf(service), ...troubles, ...(hasDetails ? [refusalsOf(service), cgroup] : [])];
  return notes.filter((note) => note !== '').map(printable);
}

/** Listeners stand behind the counters where all of them fit, else below their service. */
function serviceLines(services: readonly ServiceStatus[], layout: Layout): readonly string[] {
  const [title = '', ...rows] = textTable(COLUMNS, services.map(cellsOf));
  const width = Math.max(title.length, ...rows.map((row) => row.length));
  const listeners = services.map((service) => service.listeners.map(({ at }) => printable(at)));
  const longest = Math.max(LISTENERS.length, ...listeners.flat().map((text) => text.length));
  const isBeside = width + GAP.length + longest <= layout.columns;
  const beside = ' '.repeat(width + GAP.length);
  const lines = services.flatMap((service, index) => {
    const [first = '', ...rest] = isBeside ? (listeners[index] ?? []) : [];
    const below = isBeside ? [] : (listeners[index] ?? []);
    return [
      `${(rows[index] ?? '').padEnd(width)}${GAP}${first}`,
      ...rest.map((text) => `${beside}${text}`),
      ...[...notesOf(service, layout), ...below].map((text) => `${INDENT}${text}`),
    ];
  });
  return [isBeside ? `${title.padEnd(width)}${GAP}${LISTENERS}` : title, ...lines].map((line) =>
    line.trimEnd(),
  );
}

/** The whole of `zinetd status`. */
export function renderStatus(status: Status, layout: Layout): string {
  const table = status.services.length === 0 ? ['no services'] : serviceLines(status.services, layout);
  return [...statusHead(status).map(printable), '', ...table].map((line) => `${line}\n`).join('');
}
