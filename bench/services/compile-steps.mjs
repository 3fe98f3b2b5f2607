import { readFileSync } from 'node:fs';

/*
 * compile-steps.mjs FILE: what the compiler does with a configuration, step by step, in a process that has done nothing
 * before; processor time in milliseconds as JSON.
 */
const [, , path = ''] = process.argv;

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @type {Record<string, number>} */
const steps = { 'Node itself': cpuMs() };
let sinceMs = cpuMs();

/** @param {string} name */
function took(name) {
  steps[name] = cpuMs() - sinceMs;
  sinceMs = cpuMs();
}

const [{ parseSyntax }, { validateDocument }, { layerDefaults }, { resolve }, { Report }, { newBudget }] =
  await Promise.all([
    import('../../dist/config/syntax.js'),
    import('../../dist/config/validate.js'),
    import('../../dist/config/layer.js'),
    import('../../dist/config/resolve.js'),
    import('../../dist/config/report.js'),
    import('../../dist/config/budget.js'),
  ]);
const [{ Sightings }, { makeSource }, { hostOf, machineFacts }, { encodeTable }, { encodePolicy }] =
  await Promise.all([
    import('../../dist/config/sightings.js'),
    import('../../dist/config/source.js'),
    import('../../dist/cli/host.js'),
    import('../../dist/compile/table.js'),
    import('../../dist/compile/policy.js'),
  ]);
took('our modules');

const report = new Report({ leavesOut: false });
const budget = newBudget();
const host = hostOf(machineFacts());
const root = parseSyntax(makeSource(path, readFileSync(path, 'utf8')), { report, budget });
if (!root) throw new Error('The configuration is no YAML');
took('syntax');
const document = validateDocument(root, { report, role: 'main' });
if (!document) throw new Error('The configuration is not valid');
took('validation');
const layered = { services: layerDefaults(document), daemon: document.daemon };
const resolved = resolve(layered, { host, report, budget, sightings: new Sightings() });
if (!resolved) throw new Error(report.diagnostics()[0]?.message ?? 'The configuration is not valid');
took('resolution');
encodeTable(resolved.config);
took('launch table');
encodePolicy(resolved.config, { digestKey: 'bench', findings: undefined });
took('policy');
process.stdout.write(JSON.stringify(steps));
