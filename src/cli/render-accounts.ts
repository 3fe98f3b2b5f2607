import type { LineAccount } from '../config/foreign-format.ts';
import { escapeUnprintable, quote } from '../config/quote.ts';
import type { LineReport } from '../convert/line-report.ts';

function describeDropped({ kind, name = '' }: LineAccount, { reason = '' }: LineReport): string {
  if (kind === 'disabled') return `${quote(name)} is disabled, and left out: ${reason}`;
  return kind === 'service'
    ? `service ${quote(name)}, left out: see the error above`
    : 'left out: see the error above';
}

function describe(account: LineAccount, report: LineReport): string {
  const { became, service = '', enabled } = report;
  switch (became) {
    case 'service':
      return `service ${quote(service)}${enabled ? '' : ', not enabled'}`;
    case 'merged into':
      return `service ${quote(service)}, with what is further up`;
    case 'comment':
    case 'blank':
      return became;
    case 'directive':
      return 'for the lines that follow';
    case 'unneeded':
      return 'for systemd: what the unit is called, and when it starts';
    case 'dropped':
      return describeDropped(account, report);
  }
}

/** What became of each line, a line of text for one or more of them. */
export function renderAccounts(accounts: readonly LineAccount[], reports: readonly LineReport[]): string {
  return accounts
    .map((account, index) => {
      const { file, line, lastLine } = account;
      const report = reports[index];
      const lines = lastLine > line ? `${line}-${lastLine}` : `${line}`;
      return report
        ? `${escapeUnprintable(file)}:${lines}: ${escapeUnprintable(describe(account, report))}\n`
        : '';
    })
    .join('');
}
