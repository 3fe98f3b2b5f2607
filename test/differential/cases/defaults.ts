import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';
import { probe } from '../probe.ts';

const INHERIT = '-log_type\n-log_on_success\n-log_on_failure';
const CLIENTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

async function who({ clients, port }: Stage, sources: readonly string[]): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const from of sources) seen.push(`${from}: ${await clients.call({ port: port(), from })}`);
  return seen;
}

function inherits(name: string, stanza: string, sources: readonly string[] = CLIENTS): Case {
  return { name, stanza: `${INHERIT}\n${stanza}`, play: (stage) => who(stage, sources) };
}

/** Records that do not tell who: one client is enough. */
const ONE = CLIENTS.slice(0, 1);

/** What services have from the block `defaults`. */
export const DEFAULTS: Group = {
  title: 'defaults',
  defaults: `
    log_type = FILE LOG
    log_on_success = HOST PID
    log_on_success = EXIT
    log_on_failure = HOST
    no_access = 127.0.0.2
    umask = 077
    passenv = PATH
    groups = yes
    instances = 20
    banner_fail = FILES/fail
    enabled = inherited added taken replaced more_access less_access other_access probed disabled_too by_id last
    disabled = disabled_too`,
  cases: [
    inherits('inherited', ''),
    inherits('added', 'log_on_success += DURATION'),
    inherits('taken', 'log_on_success -= HOST', ONE),
    inherits('replaced', '-log_on_success\nlog_on_success = DURATION', ONE),
    inherits('more_access', 'no_access += 127.0.0.3'),
    inherits('less_access', 'no_access -= 127.0.0.2'),
    inherits('other_access', 'no_access = 127.0.0.3'),
    probe('probed', { stanza: INHERIT, facts: ['umask', 'environ', 'groups'] }),
    inherits('disabled_too', ''),
    inherits('not_enabled', ''),
    inherits('by_name', 'id = by_id'),
    inherits('not_by_name', 'id = another_id'),
    inherits('disable', 'disable = yes'),
  ],
};
