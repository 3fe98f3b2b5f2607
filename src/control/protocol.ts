import { z } from 'zod';
import {
  type BanStatus,
  type ConnectionStatus,
  ERROR_CODES,
  type LastReload,
  type ListenerStatus,
  type MethodName,
  type Methods,
  type ReloadPlan,
  type ReloadResult,
  type Reply,
  type Request,
  SERVICE_STATES,
  type ServiceStatus,
  type Status,
} from './messages.ts';

/**
 * The control protocol: a stream of lines over a unix socket, each one JSON object in UTF-8 with a LF behind it.
 * A client sends requests and gets a `result` or an `error` for each, under the number that it gave it; methods that
 * go on send an `item` now and then, until the client leaves or their result ends them.
 */
export const PROTOCOL_VERSION = 1;

/** Longer lines are refused, and the connection ends: nothing that an operator asks is that long. */
export const MOST_REQUEST_BYTES = 65_536;

const service: z.ZodString = z.string().min(1).max(64);
const version: z.ZodLiteral<1> = z.literal(PROTOCOL_VERSION);

export const requestSchema: z.ZodType<Request> = z.strictObject({
  zinetd: version,
  id: z.int().min(0),
  method: z.string().max(64),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** Everything that a server sends. */
export const replySchema: z.ZodType<Reply> = z.union([
  z.strictObject({ zinetd: version, id: z.int(), result: z.unknown() }),
  z.strictObject({ zinetd: version, id: z.int(), item: z.unknown() }),
  z.strictObject({
    zinetd: version,
    id: z.int().nullable(),
    error: z.strictObject({ code: z.enum(ERROR_CODES), message: z.string() }),
  }),
]);

const state = z.enum(SERVICE_STATES);

const listenerStatus: z.ZodType<ListenerStatus> = z.strictObject({
  at: z.string(),
  state: z.enum(['open', 'paused', 'failed']),
  pauses: z.array(z.string()),
  code: z.string().optional(),
});

const serviceStatus: z.ZodType<ServiceStatus> = z.strictObject({
  ...{ name: z.string(), state, why: z.string().optional(), forMs: z.number().optional() },
  ...{ running: z.int(), starting: z.int(), instances: z.int().nullable() },
  counts: z.strictObject({
    ...{ started: z.int(), failed: z.int(), ended: z.int(), refused: z.int() },
    refusedFor: z.record(z.string(), z.int()),
  }),
  listeners: z.array(listenerStatus),
  cgroup: z.string().optional(),
});

const lastReload: z.ZodType<LastReload> = z.strictObject({
  outcome: z.enum(['reloaded', 'failed']),
  agoMs: z.number(),
  why: z.string().optional(),
});

const status: z.ZodType<Status> = z.strictObject({
  ...{ version: z.string(), pid: z.int(), dispatcherPid: z.int() },
  phase: z.enum(['serving', 'draining', 'stopping']),
  ...{ generation: z.int(), restarts: z.int(), upMs: z.number() },
  ...{ running: z.int(), starting: z.int(), sources: z.int(), bans: z.int() },
  lastReload: lastReload.optional(),
  services: z.array(serviceStatus),
});

const connectionStatus: z.ZodType<ConnectionStatus> = z.strictObject({
  ...{ id: z.int(), service: z.string(), from: z.string(), pid: z.int().optional(), forMs: z.number() },
  state: z.enum(['starting', 'running']),
});

const banStatus: z.ZodType<BanStatus> = z.strictObject({
  ...{ source: z.string(), reason: z.string(), forMs: z.number().nullable() },
});

const reloadPlan: z.ZodType<ReloadPlan> = z.strictObject({
  services: z.strictObject({
    ...{ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) },
    unchanged: z.int(),
  }),
  listeners: z.array(
    z.strictObject({
      action: z.enum(['keep', 'update', 'open', 'swap', 'close']),
      ...{ service: z.string(), at: z.string() },
    }),
  ),
});

const reloadResult: z.ZodType<ReloadResult> = z.strictObject({
  outcome: z.enum(['reloaded', 'planned', 'failed']),
  ...{ plan: reloadPlan.optional(), why: z.string().optional(), diagnostics: z.string() },
});

/** One method: who may call it, and the schemas of what it takes and gives. */
export interface MethodRow<Name extends MethodName> {
  readonly access: 'read' | 'admin';
  readonly params: z.ZodType<Methods[Name]['params']>;
  readonly result: z.ZodType<Methods[Name]['result']>;
  /** Of those that go on. */
  readonly item?: z.ZodType<Methods[Name]['item']>;
}

const none: z.ZodType<Readonly<Record<string, never>>> = z.strictObject({});
const source: z.ZodString = z.string().min(1).max(128);

/** Every method: a row here, one in the server, and one in the documentation. */
export const METHODS: { readonly [Name in MethodName]: MethodRow<Name> } = {
  ping: {
    ...{ access: 'read', params: none },
    result: z.strictObject({ isReady: z.boolean(), why: z.string().optional() }),
  },
  status: { access: 'read', params: none, result: status },
  connections: {
    access: 'read',
    params: z.strictObject({ service: service.optional() }),
    result: z.strictObject({ connections: z.array(connectionStatus), more: z.int() }),
  },
  bans: {
    ...{ access: 'read', params: none },
    result: z.strictObject({ bans: z.array(banStatus), more: z.int() }),
  },
  explain: {
    access: 'read',
    params: z.strictObject({ service, from: source, to: source.optional() }),
    result: z.strictObject({
      ...{ isAdmitted: z.boolean(), text: z.string(), json: z.record(z.string(), z.unknown()) },
    }),
  },
  logs: {
    access: 'read',
    params: z.strictObject({ service: service.optional(), format: z.enum(['text', 'json']).optional() }),
    item: z.strictObject({ line: z.string(), lost: z.int().optional() }),
    result: none,
  },
  reload: {
    access: 'admin',
    params: z.strictObject({ isDry: z.boolean().optional() }),
    result: reloadResult,
  },
  enable: { access: 'admin', params: z.strictObject({ service }), result: z.strictObject({ was: state }) },
  disable: {
    access: 'admin',
    params: z.strictObject({ service }),
    result: z.strictObject({ was: state, running: z.int() }),
  },
  drain: {
    access: 'admin',
    params: z.strictObject({ service, deadlineMs: z.int().min(0).optional() }),
    item: z.strictObject({ running: z.int() }),
    result: z.strictObject({ ended: z.int(), killed: z.int() }),
  },
  ban: {
    access: 'admin',
    params: z.strictObject({ source, forMs: z.int().min(1).optional() }),
    result: z.strictObject({ source: z.string() }),
  },
  unban: {
    access: 'admin',
    params: z.union([z.strictObject({ source }), z.strictObject({ isAll: z.literal(true) })]),
    result: z.strictObject({ lifted: z.int() }),
  },
  kill: {
    access: 'admin',
    params: z.strictObject({ connection: z.int().min(0), signal: z.enum(['TERM', 'KILL']).optional() }),
    result: none,
  },
  stop: { access: 'admin', params: none, result: none },
  upgrade: { access: 'admin', params: none, result: z.strictObject({ from: z.string() }) },
};
