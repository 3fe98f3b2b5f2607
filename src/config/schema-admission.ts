import { z } from 'zod';
import { CHECK_NAMES, type CheckName } from '../model/check-name.ts';
import { MOST_BANS } from '../model/most-bans.ts';
import { parseDurationMs } from '../model/quantity.ts';
import { parseAccessEntry } from './access-entry.ts';
import { parseAccessWindow } from './access-window.ts';
import type { AttributeName, DaemonName } from './document.ts';
import { parseRefusalTemplate } from './refusal-template.ts';
import { absolutePath, checkedText, principal, spanOfTime, wait } from './schema-parts.ts';

const MOST_ENTRIES = 10_000;
const MOST_COUNT = 1_000_000;
const MOST_HANDLERS = 65_535;
const CPS_FORM = `must be 0 to ${MOST_COUNT}`;
const DURATION_FORM = 'must be a duration such as "10s", "500ms" or "2h"';
const CAP_FORM = 'must be 1 to 65535, or {soft, hard, drop}';
const INSTANCES_FORM = 'must be 1 to 65535, UNLIMITED, or {soft, hard, drop}';

function count(most: number): z.ZodType {
  const error = `must be 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
}

const duration: z.ZodType = z
  .string({ error: DURATION_FORM })
  .meta({ pattern: '^[0-9]+(ms|s|m|h|d)$' })
  .refine((value) => parseDurationMs(value) !== undefined, { error: DURATION_FORM });

const MOST_PERIOD_DAYS = 366;

const accessList: z.ZodType = z
  .array(
    checkedText((text) => {
      const entry = parseAccessEntry(text);
      return 'reason' in entry ? entry : undefined;
    }),
  )
  .max(MOST_ENTRIES);

/** A line of hosts.allow by itself; what is wrong with its words is found when all of it is read. */
const hostsRule: z.ZodType = checkedText((text) => {
  if (/[\r\n]/.test(text) || text.endsWith('\\')) return { reason: 'a rule is one line' };
  return /^[ \t]*(#|$)/.test(text) ? { reason: 'there is no rule in it' } : undefined;
}, z.string().max(2046));

/** A file of rules, or the rules themselves. */
const hostsTable: z.ZodType = z.union([absolutePath, z.array(hostsRule).max(MOST_ENTRIES)]);

const UNLIMITED_FORM = 'must be a number, or UNLIMITED';

/** A limit between `soft` and `hard`, or a plain one. */
const cap: z.ZodType = z
  .strictObject({
    soft: count(MOST_HANDLERS),
    hard: count(MOST_HANDLERS),
    drop: z.int().min(0).max(100).optional(),
  })
  .superRefine((value, context) => {
    const { soft, hard } = value as { readonly soft: number; readonly hard: number };
    if (soft > hard) context.addIssue({ code: 'custom', message: 'must have "soft" at most at "hard"' });
  });

function plainCap(error: string): z.ZodType {
  return z.int({ error }).min(1, { error }).max(MOST_HANDLERS, { error });
}

const refusalText: z.ZodType = checkedText((text) => {
  const template = parseRefusalTemplate(text);
  return 'reason' in template ? template : undefined;
});

const TARPIT = z.strictObject({
  bytes_per_second: count(1024),
  slots: count(4096),
  text: refusalText.optional(),
});

/** Which checks can do what: to wait for one source would make all of them wait. */
const OF_A_SERVICE: readonly CheckName[] = ['access_times', 'max_load', 'cps', 'instances', 'max_processes'];
const CAN_SUSPEND: readonly CheckName[] = ['max_load', 'cps', 'instances', 'max_processes'];

function policyForm(check: CheckName): string {
  const queue = OF_A_SERVICE.includes(check) ? '"queue", ' : '';
  return `must be "reject", ${queue}{reject}${CAN_SUSPEND.includes(check) ? ', {suspend}' : ''} or {tarpit}`;
}

function policyOf(check: CheckName): z.ZodType {
  const canQueue = OF_A_SERVICE.includes(check);
  const words: [string, ...string[]] = canQueue ? ['reject', 'queue'] : ['reject'];
  const shapes: z.ZodType[] = [
    z.enum(words, {
      error: ({ input }) =>
        input === 'queue' && !canQueue
          ? 'cannot wait: all other sources would wait as well'
          : policyForm(check),
    }),
    z.strictObject({ reject: z.strictObject({ text: refusalText }) }),
    z.strictObject({ tarpit: TARPIT }),
  ];
  if (CAN_SUSPEND.includes(check)) {
    shapes.push(z.strictObject({ suspend: z.strictObject({ for: wait }) }));
  }
  return z.union(shapes);
}

const decide: z.ZodType = z.strictObject({
  socket: absolutePath.optional(),
  program: z.array(z.string().max(65_536)).min(1).max(1000).optional(),
  user: principal.optional(),
  deadline: wait.optional(),
  on_failure: z.enum(['refuse', 'allow'], { error: 'must be "refuse" or "allow"' }).optional(),
  cache: duration.optional(),
});

const penalties: z.ZodType = z.strictObject({
  crash: duration.optional(),
  refused: duration.optional(),
  too_fast: duration.optional(),
  time_limit: duration.optional(),
  exit_status: z
    .array(z.strictObject({ status: z.int().min(0).max(255), penalty: duration }))
    .max(256)
    .optional(),
  threshold: duration.optional(),
  max: duration.optional(),
});

const DENY_TIME_FORM = 'must be a duration such as "30m", "forever" or "never"';

type AdmissionName = Extract<
  AttributeName,
  | 'only_from'
  | 'no_access'
  | 'match'
  | 'hosts_access'
  | 'access_times'
  | 'time_zone'
  | 'max_load'
  | 'rate_per_source'
  | 'per_source'
  | 'cps'
  | 'instances'
  | 'policies'
  | 'decide'
  | 'sensor'
  | 'deny_time'
  | 'penalties'
>;

/** Every attribute that says who may connect, how often and how many. */
export const ADMISSION_SHAPE: Readonly<Record<AdmissionName, z.ZodType>> = {
  only_from: accessList.describe(
    'Who may connect: addresses, networks, ranges, names, file:PATH. An empty list is nobody. Default: everybody.',
  ),
  no_access: accessList.describe('Who may not connect, in the same notations. Default: nobody.'),
  match: z
    .enum(['specific', 'xinetd'], { error: 'must be "specific" or "xinetd"' })
    .describe('When both lists match: the more specific rule wins, or no_access does. Default: specific.'),
  hosts_access: z
    .union([
      z.boolean(),
      z.strictObject({
        allow: hostsTable.optional(),
        deny: hostsTable.optional(),
        daemon: z.string().min(1, { error: 'must be a name' }).max(256).optional(),
      }),
    ])
    .describe(
      'Rules of tcp_wrappers: true for /etc/hosts.allow and /etc/hosts.deny; other files, or lists of rules. Default: false.',
    ),
  access_times: z
    .array(
      checkedText((text) => {
        const window = parseAccessWindow(text);
        return 'reason' in window ? window : undefined;
      }),
    )
    .min(1, { error: 'must have at least one window' })
    .max(64)
    .describe('When the service is open, such as "mon-fri 08:00-18:00". Default: always.'),
  time_zone: z.string().max(64).describe('Whose time access_times is in. Default: that of the host.'),
  max_load: z
    .number()
    .positive({ error: 'must be above 0' })
    .max(100_000)
    .describe('Load average of one minute from which on nobody is served. Default: none.'),
  rate_per_source: z
    .union([
      z.strictObject({
        count: count(MOST_COUNT),
        per: spanOfTime(MOST_PERIOD_DAYS),
        burst: count(MOST_COUNT).optional(),
      }),
      z.literal('UNLIMITED', { error: 'must be {count, per, burst}, or UNLIMITED' }),
    ])
    .describe('How often one source may connect. Default: half of cps.'),
  per_source: z
    .union([
      z.int({ error: UNLIMITED_FORM }).min(1, { error: UNLIMITED_FORM }).max(MOST_HANDLERS),
      z.literal('UNLIMITED', { error: UNLIMITED_FORM }),
    ])
    .describe('Handlers that one source may have at once. Default: half of instances.'),
  cps: z
    .strictObject({
      rate: z.int({ error: CPS_FORM }).min(0, { error: CPS_FORM }).max(MOST_COUNT, { error: CPS_FORM }),
      per: spanOfTime(MOST_PERIOD_DAYS).optional(),
      wait: wait.optional(),
    })
    .describe(
      'Connections per second, or per another time, of all sources, and how long to suspend when there are more. Default: none.',
    ),
  instances: z
    .union([plainCap(INSTANCES_FORM), z.literal('UNLIMITED', { error: INSTANCES_FORM }), cap])
    .describe('Handlers that may run at once. Default: 50.'),
  policies: z
    .strictObject(Object.fromEntries(CHECK_NAMES.map((name) => [name, policyOf(name).optional()])))
    .describe(
      'What to do with a connection that a check refuses, by check. Default: reject; suspend for cps.',
    ),
  decide: decide.describe(
    'A unix socket or a program of yours that is asked about each connection. Default: none.',
  ),
  sensor: z.boolean().describe('Nobody has any business here: who connects is banned. Default: false.'),
  deny_time: checkedText(
    (text) =>
      text === 'forever' || text === 'never' || (parseDurationMs(text) ?? 0) > 0
        ? undefined
        : { reason: DENY_TIME_FORM },
    z.string(DENY_TIME_FORM),
  ).describe('How long a sensor bans. Default: 1h.'),
  penalties: penalties.describe('What a source is punished for, and how long. Default: nothing.'),
};

/** What the daemon has once: top-level settings. */
export const DAEMON_SHAPE: Readonly<Record<Exclude<DaemonName, 'control' | 'metrics' | 'watch'>, z.ZodType>> =
  {
    max_processes: z
      .union([plainCap(CAP_FORM), cap])
      .describe('Handlers of all services together that may run at once. Default: no limit of its own.'),
    sources: z
      .strictObject({
        ipv4_prefix: z.int().min(8).max(32).optional(),
        ipv6_prefix: z.int().min(16).max(128).optional(),
        capacity: z.int().min(1024).max(8_388_608).optional(),
      })
      .describe('What counts as one source, and how many are remembered. Default: /32, /64, 65536.'),
    bans: z
      .strictObject({
        capacity: z.int().min(256).max(MOST_BANS).optional(),
        overflow: z.enum(['permissive', 'oldest'], { error: 'must be "permissive" or "oldest"' }).optional(),
        exempt: accessList.optional(),
      })
      .describe('How many sources can be banned, and who never is. Default: 65536, permissive, nobody.'),
  };
