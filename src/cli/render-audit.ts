import type { Audit, AuditFinding } from '../audit/audit-service.ts';
import { type TableColumn, textTable } from './text-table.ts';

/** A service without a handler of its own has no audit: it is zinetd itself. */
export interface AuditRow {
  readonly service: string;
  readonly audit: Audit | undefined;
}

const MOST_NAMED = 3;

const SUMMARY: readonly TableColumn[] = [
  { title: 'SERVICE', align: 'left' },
  { title: 'EXPOSURE', align: 'right' },
  { title: 'LEVEL', align: 'left' },
  { title: 'MOST OF IT', align: 'left' },
];

const DETAILS: readonly TableColumn[] = [
  { title: 'SETTING', align: 'left' },
  { title: 'ADDS', align: 'right' },
  { title: 'WHY', align: 'left' },
  { title: 'WRITE', align: 'left' },
];

function lines(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}

function summaryCells({ service, audit }: AuditRow): readonly string[] {
  if (!audit) return [service, '-', '-', 'zinetd gives it itself'];
  const most = audit.findings.filter(({ adds }) => adds > 0).slice(0, MOST_NAMED);
  const names = most.map(({ setting }) => setting).join(', ');
  return [service, audit.exposure.toFixed(1), audit.level, names];
}

/** A line for each service, the most exposed first. */
export function renderAudits(rows: readonly AuditRow[]): string {
  const sorted = rows.toSorted((a, b) => (b.audit?.exposure ?? -1) - (a.audit?.exposure ?? -1));
  return lines(textTable(SUMMARY, sorted.map(summaryCells)));
}

function detailCells({ setting, adds, says, write }: AuditFinding): readonly string[] {
  return [setting, adds.toFixed(2), says, write ?? ''];
}

/** Everything about one service, what adds most first. */
export function renderAudit({ service, audit }: AuditRow): string {
  if (!audit) return `${service}: no handler, zinetd gives it itself\n`;
  const head = `${service}: ${audit.exposure.toFixed(1)} of 10, ${audit.level}`;
  return lines([head, '', ...textTable(DETAILS, audit.findings.map(detailCells))]);
}
