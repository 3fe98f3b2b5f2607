import { quote } from '../../config/quote.ts';
import type { MapNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { checkKeys } from './check-keys.ts';
import { checkStrings } from './check-strings.ts';
import { identityEntries } from './identity-entries.ts';
import type { JobContext } from './job-context.ts';
import { INETD_KEYS, JOB_KEYS } from './key-table.ts';
import { limitEntries } from './limit-entries.ts';
import type { PlistDict } from './plist-node.ts';
import { booleanAt, dictAt } from './plist-values.ts';
import { programEntries } from './program-entries.ts';
import type { SocketDraft } from './socket-draft.ts';
import { socketDrafts, socketEntries } from './socket-entries.ts';

/** Whether its program gets the sockets themselves; undefined after a report. */
function waitOf({
  job,
  label,
  report,
}: JobContext): { readonly isWaiting: boolean; readonly inetd: PlistDict } | undefined {
  const inetd = dictAt(job, 'inetdCompatibility');
  if (inetd) {
    checkKeys(inetd, INETD_KEYS, report);
    return { isWaiting: booleanAt(inetd, 'Wait')?.value === true, inetd };
  }
  if (job.entries.has('inetdCompatibility')) return undefined;
  const message = `Cannot run job ${quote(label.value)}: without "inetdCompatibility" its program asks launchd for its sockets`;
  const help = 'zinetd serves programs of inetd: add the key if this is one';
  return void report.add({ code: 'launchd/not-inetd', at: label.place, message, help });
}

/** Nobody accepts a datagram. */
function checkWait(drafts: readonly SocketDraft[], isWaiting: boolean, { report }: JobContext): void {
  const draft = drafts.find(({ type }) => type === 'dgram');
  if (!draft || isWaiting) return;
  const message = 'Cannot use a socket of datagrams without "Wait": launchd cannot accept them one by one';
  const help = 'write true for "Wait"';
  report.add({ code: 'launchd/value', at: draft.listen.place, message, help });
}

/** The file says what launchd takes unless somebody has told it otherwise, in a place of its own. */
function isDisabled({ job, label, report }: JobContext): boolean {
  const disabled = booleanAt(job, 'Disabled');
  if (!disabled?.value) return false;
  const message = `Switched off job ${quote(label.value)}: it is "Disabled", which "launchctl enable" may have overruled on its machine`;
  const help = 'write "enabled: true" if it was in use';
  report.add({ code: 'launchd/disabled', at: disabled.place, message, help });
  return true;
}

/** A job in our words, and whether it is to run; what is wrong with it is in the report. */
export function convertJob(context: JobContext): { readonly node: MapNode; readonly isEnabled: boolean } {
  const { job, report } = context;
  checkStrings(job, report);
  checkKeys(job, JOB_KEYS, report);
  const wait = waitOf(context);
  const drafts = socketDrafts(context);
  if (wait) checkWait(drafts, wait.isWaiting, context);
  const isEnabled = !isDisabled(context);
  const at = wait?.inetd.place ?? context.label.place;
  const rows = [
    isEnabled
      ? undefined
      : entryOf('enabled', scalarNode(false, job.entries.get('Disabled')?.value.place ?? at)),
    ...socketEntries(drafts, context),
    wait?.isWaiting ? entryOf('wait', scalarNode(true, at)) : undefined,
    ...identityEntries(context),
    ...programEntries(context),
    ...limitEntries(context, wait?.isWaiting === true),
  ];
  return { node: mapNode(rows, job.place), isEnabled };
}
