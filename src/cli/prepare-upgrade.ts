import { encodeBoot } from '../compile/boot.ts';
import { encodePolicy } from '../compile/policy.ts';
import { encodeTable } from '../compile/table.ts';
import { loadConfig } from '../config/load.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { EXIT } from '../model/exit-code.ts';
import { configSource } from './config-source.ts';
import { hostOf } from './host.ts';
import { planBoot } from './plan-boot.ts';
import { printError } from './print.ts';
import { readFacts } from './read-facts.ts';
import { writeBytes } from './write-bytes.ts';

/** Descriptors that the spawner gives to it, beside that of its own boot record, which it gives to compilers as well. */
const TABLE_FD = 3;
const POLICY_FD = 4;
const NEXT_BOOT_FD = 6;

/**
 * The first that the newly installed program does: it makes the boot record for itself, and compiles. What it says is
 * for whoever asked for the upgrade. Gives the exit code.
 */
export async function prepareUpgrade(): Promise<number> {
  const facts = readFacts();
  const { config, diagnostics } = loadConfig(
    await configSource(facts.source),
    hostOf(facts, { isReload: true }),
  );
  if (diagnostics.length > 0) printError(renderDiagnostics(diagnostics));
  if (!config) return EXIT.no;
  writeBytes(TABLE_FD, encodeTable(config));
  writeBytes(POLICY_FD, encodePolicy(config, { digestKey: facts.digestKey, findings: undefined }));
  writeBytes(NEXT_BOOT_FD, encodeBoot(planBoot(facts)));
  return EXIT.ok;
}
