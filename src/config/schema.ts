import { z } from 'zod';
import { MODES } from '../model/mode.ts';
import type { RlimitName } from '../model/rlimit.ts';
import { MOST_RPC_NUMBER } from '../model/rpc.ts';
import type { Code } from './codes.ts';
import type { AttributeName, DaemonName, KeepaliveDocument } from './document.ts';
import { ENV_NAME } from './env-name.ts';
import { isKeepaliveCountable, parseKeepaliveSeconds } from './keepalive.ts';
import { LIMIT_KINDS, type LimitKind, limitForm, parseLimit, RLIMIT_NAMES } from './limit-value.ts';
import { parseListen } from './listen.ts';
import { parseRpcVersions, RPC_VERSIONS_FORM } from './rpc-versions.ts';
import { ADMISSION_SHAPE, DAEMON_SHAPE } from './schema-admission.ts';
import { BUILTIN_SHAPE } from './schema-builtin.ts';
import { CGROUP_SHAPE } from './schema-cgroup.ts';
import { OPERATION_SHAPE } from './schema-daemon.ts';
import { FILTER_SHAPE } from './schema-filter.ts';
import { HANDLER_SHAPE } from './schema-handler.ts';
import { LIFE_SHAPE } from './schema-life.ts';
import { LOG_SHAPE } from './schema-log.ts';
import { absolutePath, principal } from './schema-parts.ts';
import { POOL_SHAPE } from './schema-pool.ts';
import { PROXY_SHAPE } from './schema-proxy.ts';
import { RELAY_SHAPE } from './schema-relay.ts';
import { SANDBOX_SHAPE } from './schema-sandbox.ts';
import { SOCKET_SHAPE } from './schema-socket.ts';
import { TLS_SHAPE } from './schema-tls.ts';

/** For files that handle what this one makes, without a door to zod of their own. */
export type Schema = z.ZodType;
export type Issue = z.core.$ZodIssue;

/** What a check of ours adds to an issue of zod, for validate.ts. */
export interface IssueParams {
  readonly code?: Code;
  readonly help?: string;
}

const MOST_TEXTS = 1000;
const MOST_TEXT = 65_536;

/** No option for this yet, but the word is taken: say so instead of `unknown`. */
function notYet(reason: string): { code: 'custom'; message: string; params: IssueParams } {
  return { code: 'custom', message: reason, params: { code: 'config/not-supported' } };
}

const text: z.ZodString = z.string().max(MOST_TEXT);
const envName: z.ZodString = z.string().max(256).regex(ENV_NAME, {
  error: 'must be letters, digits and "_", not beginning with a digit',
});

/** PATH is never searched (S128). */
const serverPath: z.ZodType = z
  .string()
  .max(4095)
  .meta({ pattern: '^/' })
  .superRefine((value, context) => {
    if (value.startsWith('/')) return;
    const params: IssueParams = {
      code: 'config/server-path',
      help: 'PATH is not searched: write where the program is',
    };
    context.addIssue({ code: 'custom', message: 'must be an absolute path', params: { ...params } });
  });

const listenText: z.ZodType = z
  .string()
  .meta({
    pattern: '^((tcp|udp)(4|6|46)?|unix|unix-dgram|unix-seqpacket|vsock|tcpmux|sni|fd)://',
    examples: ['tcp://127.0.0.1:7000', 'tcp://[::]:finger', 'udp://*:tftp', 'unix:///run/x.sock'],
  })
  .superRefine((value, context) => {
    const listen = parseListen(value);
    if (!('reason' in listen)) return;
    if (listen.supported) context.addIssue({ code: 'custom', message: listen.reason });
    else context.addIssue(notYet(listen.reason));
  });

function limitText(kind: LimitKind): z.ZodType {
  const form = limitForm(kind);
  const written = z
    .string()
    .meta({ pattern: kind === 'count' ? '^unlimited$' : '^([0-9]+[a-z]{0,2}|unlimited)$' })
    .refine((value) => parseLimit(value, kind) !== undefined, { error: form });
  return z.union([z.int({ error: form }).min(0, { error: form }), written]);
}

function limit(kind: LimitKind): z.ZodType {
  const one = limitText(kind);
  return z.union([...(one as z.ZodUnion).options, z.strictObject({ soft: one, hard: one })] as z.ZodType[]);
}

/** The schema of each limit, by name. */
export const RLIMIT_SHAPE: Readonly<Record<RlimitName, z.ZodType>> = Object.fromEntries(
  RLIMIT_NAMES.map((name) => [name, limit(LIMIT_KINDS[name])]),
) as Record<RlimitName, z.ZodType>;

const mode: z.ZodType = z.enum(MODES, { error: 'must be "inetd" or "extended"' });

const KEEPALIVE_FORM = 'must be a duration of whole seconds from "1s" to "32767s"';
const PROBES_FORM = 'must be 1 to 127';

const keepaliveSeconds: z.ZodType = z
  .string()
  .meta({ pattern: '^[0-9]+(s|m|h|ms)$', examples: ['60s', '2m'] })
  .refine((value) => parseKeepaliveSeconds(value) !== undefined, { error: KEEPALIVE_FORM });

const keepalive: z.ZodType = z
  .union([
    z.boolean(),
    z.strictObject({
      idle: keepaliveSeconds.optional(),
      interval: keepaliveSeconds.optional(),
      count: z
        .int({ error: PROBES_FORM })
        .min(1, { error: PROBES_FORM })
        .max(127, { error: PROBES_FORM })
        .optional(),
    }),
  ])
  .refine((value) => isKeepaliveCountable(value as boolean | KeepaliveDocument), {
    error: 'must take 2147483 seconds at the most, idle + interval * count',
  });

const MOST_RPC_NAME = 200;
const RPC_PROGRAM_FORM = 'must be a number from 0 to 4294967295, or a name of rpc(5)';

const UMASK_FORM = 'must be octal text in quotes, from "0" to "0777"';

/** Every attribute that a service can have: its schema and what editors show. */
export const SERVICE_SHAPE: Readonly<Record<AttributeName, z.ZodType>> = {
  listen: z
    .union([listenText, z.array(listenText).min(1, { error: 'must name at least one address' }).max(64)])
    .describe('Where to listen: tcp://HOST:PORT, udp://, unix:// and others, one or a list.'),
  mode: mode.describe('The contract with the handler: inetd, or extended. Default: inetd.'),
  wait: z.boolean().describe('Whether the handler gets the listening socket. Default: false.'),
  enabled: z.boolean().describe('A service that is not enabled is checked, but not run. Default: true.'),
  user: principal.describe('Whom the handler runs as: a name or a uid. Mandatory when root starts zinetd.'),
  group: principal.describe('Its primary group: a name or a gid. Default: that of the user.'),
  groups: z
    .union([z.boolean(), z.array(principal).max(65_536)])
    .describe('Supplementary groups: false for none, true for those of the user, or a list. Default: false.'),
  umask: z
    .string()
    .regex(/^0?[0-7]{1,3}$/, { error: UMASK_FORM })
    .describe('File mode creation mask, octal text in quotes. Default: "022".'),
  nice: z.int().min(-20).max(19).describe('Scheduling priority. Default: that of zinetd.'),
  cwd: absolutePath.describe('Working directory, an absolute path. Default: /.'),
  server: serverPath.describe('The program to start, an absolute path.'),
  server_args: z.array(text).max(MOST_TEXTS).describe('Its arguments, from argv[1] on. Default: none.'),
  argv0: text.describe('Its argv[0]. Default: the path as written in "server".'),
  env: z.record(envName, text).describe('Environment variables. Default: none.'),
  pass_env: z
    .union([z.literal('ALL'), z.array(envName).max(MOST_TEXTS)], {
      error: 'must be a list of names, or ALL',
    })
    .describe('Names of variables to pass on from the environment that zinetd was started with, or ALL.'),
  rlimits: z
    .strictObject(Object.fromEntries(RLIMIT_NAMES.map((name) => [name, RLIMIT_SHAPE[name].optional()])))
    .describe('Resource limits: a number, a quantity, "unlimited", or {soft, hard}.'),
  ...ADMISSION_SHAPE,
  ...SOCKET_SHAPE,
  ...BUILTIN_SHAPE,
  ...RELAY_SHAPE,
  ...PROXY_SHAPE,
  ...HANDLER_SHAPE,
  ...POOL_SHAPE,
  ...TLS_SHAPE,
  ...LIFE_SHAPE,
  ...SANDBOX_SHAPE,
  ...FILTER_SHAPE,
  ...CGROUP_SHAPE,
  ...LOG_SHAPE,
  rpc: z
    .strictObject({
      program: z.union([z.int().min(0).max(MOST_RPC_NUMBER), z.string().min(1).max(MOST_RPC_NAME)], {
        error: RPC_PROGRAM_FORM,
      }),
      versions: z
        .union([z.int().min(0), z.string().meta({ pattern: '^[0-9]+(-[0-9]+)?$' })], {
          error: RPC_VERSIONS_FORM,
        })
        .refine((value) => parseRpcVersions(value) !== undefined, { error: RPC_VERSIONS_FORM })
        .optional(),
    })
    .describe('What the service is registered as with rpcbind: {program, versions}. Default: not at all.'),
  backlog: z.int().min(1).max(65_535).describe('Connections that may wait in the kernel. Default: 4096.'),
  keepalive: keepalive.describe(
    'Probes for clients that went without a word: true, false, or {idle, interval, count}. Default: true.',
  ),
  v6only: z.boolean().describe('Whether an IPv6 listener refuses IPv4 connections. Default: true.'),
};

/** What only one service can mean. */
const OWN: ReadonlySet<AttributeName> = new Set([
  ...([
    'listen',
    'server',
    'server_args',
    'argv0',
    'enabled',
    'sensor',
    'builtin',
    'rpc',
    'redirect',
    'idle_stop',
    'tls',
    'pool',
  ] as const),
]);
/** `server` is, too, unless the service is a sensor or built in. */
export const REQUIRED_ATTRIBUTES: readonly AttributeName[] = ['listen'];
export const ATTRIBUTE_NAMES: readonly AttributeName[] = Object.keys(SERVICE_SHAPE) as AttributeName[];
export const DEFAULT_NAMES: readonly AttributeName[] = ATTRIBUTE_NAMES.filter((name) => !OWN.has(name));

const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/;
export const serviceName: z.ZodType = z.string().regex(SERVICE_NAME, {
  error: 'must be at most 64 letters, digits and "_.+-", beginning with a letter or digit',
});

/** Top-level settings; `defaults` and `services` have shapes of their own. */
export const TOP_SHAPE: Readonly<Record<'version' | 'include' | DaemonName, z.ZodType>> = {
  ...DAEMON_SHAPE,
  ...OPERATION_SHAPE,
  version: z.literal(1, { error: 'must be 1' }).describe('The version of this format.'),
  include: z
    .array(z.string().min(1).max(4095))
    .max(MOST_TEXTS)
    .describe('More files with services: paths, relative to this file; the last component may hold * and ?.'),
};

export const DAEMON_NAMES: readonly DaemonName[] = Object.keys({
  ...DAEMON_SHAPE,
  ...OPERATION_SHAPE,
}) as DaemonName[];

function optional(names: readonly AttributeName[]): Record<string, z.ZodType> {
  const required = new Set(REQUIRED_ATTRIBUTES);
  return Object.fromEntries(
    names.map((name) => [name, required.has(name) ? SERVICE_SHAPE[name] : SERVICE_SHAPE[name].optional()]),
  );
}

/** The whole document, for `zinetd schema`. validate.ts goes through the same shapes one attribute at a time. */
export function documentSchema(): z.ZodType {
  const service = z.strictObject(optional(ATTRIBUTE_NAMES));
  return z
    .strictObject({
      version: TOP_SHAPE.version,
      include: TOP_SHAPE.include.optional(),
      ...Object.fromEntries(DAEMON_NAMES.map((name) => [name, TOP_SHAPE[name].optional()])),
      defaults: z
        .strictObject(optional(DEFAULT_NAMES))
        .describe('Attributes for every service that does not set its own.')
        .optional(),
      services: z
        .record(serviceName as z.ZodString, service)
        .describe('Services by name.')
        .optional(),
    })
    .describe('Configuration of zinetd');
}

/** The JSON Schema that editors complete and check with. */
export function jsonSchema(): object {
  return z.toJSONSchema(documentSchema(), { io: 'input' });
}
