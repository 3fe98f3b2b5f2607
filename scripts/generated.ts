import { attributesPage } from './attributes-page.ts';
import { codesPage } from './codes-page.ts';
import { commandLinePage } from './command-line-page.ts';
import { dependenciesPage } from './dependencies-page.ts';
import { manZinetd } from './man-zinetd.ts';
import { manZinetdYaml } from './man-zinetd-yaml.ts';
import { securityLedgerPage } from './security-ledger-page.ts';
import { systemCallsPage } from './system-calls-page.ts';
import { securityPage, threatModelPage } from './threat-model-page.ts';

/** A file of this repository that is made from the sources, and what makes it. */
export interface Generated {
  readonly path: string;
  readonly render: () => string;
}

export const GENERATED: readonly Generated[] = [
  { path: 'SECURITY.md', render: securityPage },
  { path: 'docs/explanation/threat-model.md', render: threatModelPage },
  { path: 'docs/reference/attributes.md', render: attributesPage },
  { path: 'docs/reference/codes.md', render: codesPage },
  { path: 'docs/reference/command-line.md', render: commandLinePage },
  { path: 'docs/reference/dependencies.md', render: dependenciesPage },
  { path: 'docs/reference/system-calls.md', render: systemCallsPage },
  { path: 'docs/security-ledger.md', render: securityLedgerPage },
  { path: 'man/zinetd.8', render: manZinetd },
  { path: 'man/zinetd.yaml.5', render: manZinetdYaml },
];
