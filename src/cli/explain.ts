import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { policyOf } from '../compile/policy.ts';
import { loadConfig } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import { quote } from '../config/quote.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { explanationJson, renderExplanation } from '../logging/render-explanation.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Policy, ServicePolicy } from '../model/policy.ts';
import { chosenSource } from './chosen-source.ts';
import type { Command } from './command.ts';
import { configSource } from './config-source.ts';
import { addControlOption } from './control-options.ts';
import { parseExplainFacts } from './explain-facts.ts';
import { checkLiveOptions, explainLive, type LiveOptions } from './explain-live.ts';
import { explainVerdict } from './explain-verdict.ts';
import { addFormatOptions } from './format-options.ts';
import { machineHost } from './host.ts';
import { printError, printOut } from './print.ts';
import { printJson } from './print-json.ts';

function builder(yargs: Argv): Argv<LiveOptions> {
  const common = addControlOption(addFormatOptions(yargs))
    .positional('service', { type: 'string', demandOption: true, describe: 'Its name' })
    .option('from', {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'ADDR, ADDR:PORT, uid:1000 or cid:3',
    })
    .option('to', { type: 'string', requiresArg: true, describe: 'Where it connects to, ADDR or ADDR:PORT' })
    .option('at', {
      type: 'string',
      requiresArg: true,
      describe: 'When, such as 2026-01-09T08:00 (here) or 2026-01-09T08:00Z',
    })
    .option('load', { type: 'string', requiresArg: true, describe: 'The load average' })
    .option('running', { type: 'string', requiresArg: true, describe: 'Handlers of the service that run' })
    .option('source-running', { type: 'string', requiresArg: true, describe: 'Those for this source' })
    .option('name', { type: 'string', requiresArg: true, describe: 'The name of the client, or "none"' })
    .option('ident', { type: 'string', requiresArg: true, describe: 'Who its host says it is, or "none"' })
    .option('decision', {
      choices: ['allow', 'deny', 'fail'] as const,
      describe: 'What the socket of "decide" would say',
    })
    .option('certificate', {
      type: 'string',
      requiresArg: true,
      describe: 'What it shows by TLS, a file of PEM, or "none"',
    })
    .option('live', { type: 'boolean', describe: 'Ask the running daemon, with its counters and bans' })
    .option('json', { type: 'boolean', describe: 'Print JSON' })
    .epilogue(
      'Without --live the configuration file says, as on a daemon that nobody has used yet; with it the daemon\n' +
        'at --control does, which knows the rest: only --from, --to and --json go with it.',
    );
  return common as unknown as Argv<LiveOptions>;
}

function findService(policy: Policy, name: string): ServicePolicy {
  const found = policy.services.find((service) => service.name === name);
  if (found) return found;
  const help = didYouMean(
    name,
    policy.services.map((service) => service.name),
  );
  const advice = help === undefined ? '' : `\n   help: ${help}`;
  throw new UsageError(`Cannot explain ${quote(name)}: no such enabled service${advice}`);
}

async function explainFile(options: LiveOptions): Promise<number> {
  const host = machineHost();
  const { config, diagnostics } = loadConfig(
    await configSource(chosenSource(options, (path) => resolve(path))),
    host,
  );
  printError(renderDiagnostics(diagnostics));
  if (!config) return EXIT.no;
  const policy = policyOf(config);
  const service = findService(policy, options.service);
  const given = parseExplainFacts(options, { service, findInterface: host.findInterface });
  const explained = await explainVerdict(policy, { service, given });
  if (options.json) printJson(explanationJson(explained));
  else printOut(renderExplanation(explained));
  return explained.verdict.kind === 'admitted' ? EXIT.ok : EXIT.no;
}

/** Exit code 0 for admitted, 1 for refused, like every question whose answer is no. */
async function run(options: LiveOptions): Promise<number> {
  checkLiveOptions(options);
  return options.live ? explainLive(options) : explainFile(options);
}

export const explainCommand: Command<LiveOptions> = {
  usage: 'explain <service>',
  repeatable: ['config', 'c'],
  describe: 'Show whether a client would be served, and which check says so',
  builder,
  run,
};
