import { holdGate } from './gate/hold-gate.mjs';
import { GATE_SERVERS } from './gate/rows.mjs';
import { storeRatios } from './gate/store-ratios.mjs';
import { parseOptions, USAGE } from './lib/options.mjs';
import { runMain } from './lib/run-main.mjs';
import { withSession } from './lib/session.mjs';
import { makeTables } from './report/make-tables.mjs';

/** What a run is for; the gate has servers of its own. */
const MODES = {
  tables: { does: makeTables, servers: undefined },
  quick: { does: holdGate, servers: GATE_SERVERS },
  store: { does: storeRatios, servers: GATE_SERVERS },
};

await runMain(USAGE, async (args, signal) => {
  const options = parseOptions(args);
  const { does, servers = options.servers } = MODES[options.mode];
  await withSession({ servers, signal }, (session) => does(session, options));
});
