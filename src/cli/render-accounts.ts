import type { LineAccount } from '../config/foreign-format.ts';
import { escapeUnprintable, quote } from '../config/quote.ts';

function describe({ kind, name = '' }: LineAccount, isKept: (name: string) => boolean): string {
  switch (kind) {
    case 'service':
      return isKept(name)
        ? `service ${quote(name)}`
        : `service ${quote(name)}, left out: see the error above`;
    case 'disabled':
      return `${quote(name)} is disabled`;
    case 'comment':
      return 'comment';
    case 'blank':
      return 'blank';
    case 'directive':
      return 'for the lines that follow';
    case 'problem':
      return 'left out: see the error above';
  }
}

/** What became of each line, a line of text for one or more of them. */
export function renderAccounts(accounts: readonly LineAccount[], isKept: (name: string) => boolean): string {
  return accounts
    .map((account) => {
      const { file, line, lastLine } = account;
      const lines = lastLine > line ? `${line}-${lastLine}` : `${line}`;
      return `${escapeUnprintable(file)}:${lines}: ${describe(account, isKept)}\n`;
    })
    .join('');
}
