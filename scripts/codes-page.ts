import { CODES } from '../src/config/codes.ts';
import { HOSTS_CODES } from '../src/config/hosts-access/hosts-problem.ts';
import { table } from './table.ts';

const INTRODUCTION = `# Codes of diagnostics

Every code that \`zinetd check\`, \`convert\`, \`run\` and a reload can give, and where it is explained. This page is made from the
registry: \`npm run docs\` renews it.
`;

const ON_THE_PAGE_OF_RULES = new Set(Object.keys(HOSTS_CODES));

function linkOf(code: string): string {
  if (ON_THE_PAGE_OF_RULES.has(code)) return 'hosts-access.md#what-is-refused';
  return `diagnostics.md#${code.replaceAll('/', '')}`;
}

/** docs/reference/codes.md. */
export function codesPage(): string {
  const rows = Object.entries(CODES).map(([code, severity]) => [`[\`${code}\`](${linkOf(code)})`, severity]);
  return [INTRODUCTION, table(['code', 'severity'], rows)].join('\n');
}
