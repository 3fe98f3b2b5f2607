import { fstatSync, readSync, writeSync } from 'node:fs';
import { factsOfBoot } from '../compile/boot.ts';
import { pack } from '../compile/pack.ts';
import { encodePolicy } from '../compile/policy.ts';
import { encodeTable } from '../compile/table.ts';
import { findingsOf } from '../config/findings-of.ts';
import { loadConfig } from '../config/load.ts';
import { readOnce } from '../config/read-once.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RefusedConfig } from '../model/refused-config.ts';
import type { CompilerFacts } from './facts.ts';
import { configSource } from './format-options.ts';
import { hostOf } from './host.ts';
import { printError } from './print.ts';

/** Descriptors that the spawner gives to its compiler. */
const TABLE_FD = 3;
const POLICY_FD = 4;
const BOOT_FD = 5;

export function readFacts(): CompilerFacts {
  const bytes = new Uint8Array(fstatSync(BOOT_FD).size);
  readSync(BOOT_FD, bytes, { position: 0 });
  return JSON.parse(factsOfBoot(bytes)) as CompilerFacts;
}

export function writeBytes(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

/**
 * The compiler: a short-lived process of the spawner, unprivileged, that turns the configuration into the launch table
 * and the policy. What `check` would say goes to standard error at a start; at a reload it goes with the policy, or
 * stands in its place. Gives the exit code.
 */
export function compile({ isReload }: { readonly isReload: boolean }): number {
  const facts = readFacts();
  const source = configSource(facts.source);
  const { config, diagnostics, watched, globs } = loadConfig(source, hostOf(facts));
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
