import { pack } from '../compile/pack.ts';
import { encodePolicy } from '../compile/policy.ts';
import { encodeTable } from '../compile/table.ts';
import { findingsOf } from '../config/findings-of.ts';
import { loadConfig } from '../config/load.ts';
import { readOnce } from '../config/read-once.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RefusedConfig } from '../model/refused-config.ts';
import { configSource } from './config-source.ts';
import { hostOf } from './host.ts';
import { printError } from './print.ts';
import { readFacts } from './read-facts.ts';
import { writeBytes } from './write-bytes.ts';

/** Descriptors that the spawner gives to its compiler, ahead of its boot record. */
const TABLE_FD = 3;
const POLICY_FD = 4;

/**
 * The compiler: a short-lived process of the spawner, unprivileged, that turns the configuration into the launch table
 * and the policy. What `check` would say goes to standard error at a start; at a reload it goes with the policy, or
 * stands in its place. Gives the exit code.
 */
export async function compile({ isReload }: { readonly isReload: boolean }): Promise<number> {
  const facts = readFacts();
  const source = await configSource(facts.source);
  const { config, diagnostics, watched, globs } = loadConfig(source, hostOf(facts, { isReload }));
  const findings = isReload ? findingsOf([...diagnostics, ...readOnce(source)]) : undefined;
  if (!isReload && diagnostics.length > 0) printError(renderDiagnostics(diagnostics));
  if (!config) {
    if (findings) writeBytes(POLICY_FD, pack({ findings, watched, globs } satisfies RefusedConfig));
    return EXIT.no;
  }
  writeBytes(TABLE_FD, encodeTable(config));
  writeBytes(POLICY_FD, encodePolicy(config, { digestKey: facts.digestKey, findings }));
  return EXIT.ok;
}
