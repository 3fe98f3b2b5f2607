import { assertNever } from '../model/assert-never.ts';
import type { LogDestination, LogPolicy } from '../model/log-policy.ts';
import { entryNode } from './entry-node.ts';
import type { LayeredService } from './layer.ts';
import type { LogFileDocument, LogSyslogDocument, LogTypeDocument } from './log-document.ts';
import type { LogContext, TargetContext } from './log-target.ts';
import { placeOfSetting } from './place-of.ts';
import { resolveLogFields } from './resolve-log-fields.ts';
import { resolveLogFile } from './resolve-log-file.ts';
import { resolveSyslog } from './resolve-syslog.ts';
import type { Place } from './source.ts';

type Target =
  | { readonly kind: 'stdout' | 'none' }
  | { readonly kind: 'file'; readonly written: LogFileDocument }
  | { readonly kind: 'syslog'; readonly written: LogSyslogDocument };

function targetOf(written: LogTypeDocument): Target {
  if (typeof written === 'string') return { kind: written };
  return 'file' in written ? { kind: 'file', written } : { kind: 'syslog', written };
}

/** The destination; undefined for none, and after a report. */
function resolveTarget(target: Target, context: TargetContext): LogDestination | undefined {
  switch (target.kind) {
    case 'stdout':
      return { kind: 'stdout', format: context.format };
    case 'none':
      return undefined;
    case 'file':
      return resolveLogFile(target.written, context);
    case 'syslog':
      return resolveSyslog(target.written, context);
    default:
      return assertNever(target);
  }
}

/** What is recorded of a service, and where. */
export function resolveLog(service: LayeredService, context: LogContext): LogPolicy {
  const { log_type: setting } = service.settings;
  const { format, ...fields } = resolveLogFields(service);
  const placeOf = (key?: string): Place =>
    (key === undefined ? undefined : entryNode(setting?.node, key)?.place) ??
    placeOfSetting(service, setting);
  const target = targetOf(setting?.value ?? 'stdout');
  const destination = resolveTarget(target, { ...context, format, placeOf });
  return { destination: destination && context.logs.add(destination), ...fields };
}
