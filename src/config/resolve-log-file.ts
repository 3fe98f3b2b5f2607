import type { LogDestination } from '../model/log-policy.ts';
import { checkOutletFile } from './check-outlet-file.ts';
import { parseLimit } from './limit-value.ts';
import type { LogFileDocument } from './log-document.ts';
import type { FileClaim } from './log-rows.ts';
import type { TargetContext } from './log-target.ts';
import { quote } from './quote.ts';

/** For its owner to write and a group of readers; what is recorded is nobody else's business. */
const STANDARD_MODE = '0640';

function bytesOf(size: LogFileDocument['soft']): number | undefined {
  return size === undefined ? undefined : parseLimit(size, 'bytes');
}

function isAlike(left: FileClaim, right: FileClaim): boolean {
  return left.softBytes === right.softBytes && left.hardBytes === right.hardBytes && left.mode === right.mode;
}

/** Whether the limits of a file make sense. */
function checkLimits({ softBytes, hardBytes }: FileClaim, { report, placeOf }: TargetContext): boolean {
  if (hardBytes === undefined) return true;
  const refuse = (message: string, help: string): boolean => {
    report.add({ code: 'config/log-limits', at: placeOf('hard'), message, help });
    return false;
  };
  if (softBytes === undefined) {
    return refuse(
      'Cannot use "log_type.hard" alone: nobody is warned before the log ends',
      'write "soft" as well, below "hard"',
    );
  }
  if (softBytes <= hardBytes) return true;
  return refuse(
    `Cannot use "log_type.hard": ${hardBytes} bytes are less than the ${softBytes} of "soft"`,
    'write a larger "hard"',
  );
}

/** The file without links on the way; undefined after a report. */
function findFile(written: string, { host, report, placeOf }: TargetContext): string | undefined {
  const found = checkOutletFile(written, host);
  if ('path' in found) return found.path;
  const message = `Cannot log to ${quote(written)}: ${found.reason}`;
  report.add({ code: 'config/log-file', at: placeOf('file'), message });
  return undefined;
}

/** Whether no service before this one wants something else of the file. */
function checkShared(
  path: string,
  { claim, report, logs }: TargetContext & { readonly claim: FileClaim },
): boolean {
  const earlier = logs.claim(path, claim);
  if (isAlike(earlier, claim)) return true;
  report.add({
    ...{ code: 'config/log-file-shared', at: claim.at },
    message: `Cannot log to ${quote(path)}: another service has other limits or another mode for it`,
    related: [{ at: earlier.at, message: 'it is here' }],
  });
  return false;
}

/** A file as a destination; undefined after a report. */
export function resolveLogFile(written: LogFileDocument, context: TargetContext): LogDestination | undefined {
  const { outlets, placeOf, format } = context;
  const mode = Number.parseInt(written.mode ?? STANDARD_MODE, 8);
  const limits = { softBytes: bytesOf(written.soft), hardBytes: bytesOf(written.hard) };
  const claim = { ...limits, mode, at: placeOf('file') };
  const path = findFile(written.file, context);
  if (!checkLimits(claim, context) || path === undefined || !checkShared(path, { ...context, claim }))
    return undefined;
  return { kind: 'file', outlet: outlets.add({ kind: 'file', path, mode }), path, ...limits, format };
}
