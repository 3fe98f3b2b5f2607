import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import { type JobContext, refuseValue } from './job-context.ts';
import { booleanAt, integerAt, stringAt } from './plist-values.ts';

const AGENTS = /(?:^|\/)LaunchAgents\//;

/** A daemon is root's unless it says so; an agent is whoever's session it is in, and there is none here. */
function userEntry(context: JobContext): MapEntry | undefined {
  const { job, label, file, report } = context;
  const user = stringAt(job, 'UserName');
  if (user) return entryOf('user', scalarNode(user.value, user.place));
  if (AGENTS.test(file)) {
    const message = `Cannot run job ${quote(label.value)}: it is an agent, and runs as whoever is logged in`;
    return void report.add({ code: 'launchd/missing', at: label.place, message, help: 'write "UserName"' });
  }
  const message = `Ran job ${quote(label.value)} as root: launchd does so with a daemon that has no "UserName"`;
  const help = 'write whom it is to run as; an agent, of LaunchAgents, runs as whoever is logged in';
  report.add({ code: 'launchd/user', at: label.place, message, help });
  return entryOf('user', scalarNode('root', label.place));
}

/** Unless told otherwise, the user has its groups. */
function groupsEntry({ job }: JobContext): MapEntry | undefined {
  const [user, init] = [stringAt(job, 'UserName'), booleanAt(job, 'InitGroups')];
  if (!user || init?.value === false) return undefined;
  return entryOf('groups', scalarNode(true, (init ?? user).place));
}

/** A number is decimal; a text is as strtoul(3) reads it, which takes a leading 0 for octal. */
function umaskEntry(context: JobContext): MapEntry | undefined {
  const [number, text] = [integerAt(context.job, 'Umask'), stringAt(context.job, 'Umask')];
  const node = number ?? text;
  if (!node) return undefined;
  const written = String(node.value);
  const isOctal = text !== undefined && /^0[0-7]+$/.test(written);
  const value = isOctal ? Number.parseInt(written, 8) : /^[0-9]{1,4}$/.test(written) ? Number(written) : -1;
  if (value >= 0 && value <= 0o777) {
    return entryOf('umask', scalarNode(value.toString(8).padStart(3, '0'), node.place));
  }
  const reason = 'it is a decimal number up to 511, or octal in a string that begins with 0';
  const help = 'octal 022 is 18, 027 is 23, 077 is 63';
  return refuseValue(context, { key: 'Umask', at: node.place, written, reason, help });
}

const LEAST_NICE = -20;
const MOST_NICE = 19;

function niceEntry(context: JobContext): MapEntry | undefined {
  const nice = integerAt(context.job, 'Nice');
  if (!nice) return undefined;
  const { value, place } = nice;
  if (value >= LEAST_NICE && value <= MOST_NICE) return entryOf('nice', scalarNode(value, place));
  const reason = `it must be ${LEAST_NICE} to ${MOST_NICE}`;
  return refuseValue(context, { key: 'Nice', at: place, written: String(value), reason });
}

/** As whom the program runs, and how the system treats it. */
export function identityEntries(context: JobContext): readonly (MapEntry | undefined)[] {
  const group = stringAt(context.job, 'GroupName');
  return [
    userEntry(context),
    group && entryOf('group', scalarNode(group.value, group.place)),
    groupsEntry(context),
    umaskEntry(context),
    niceEntry(context),
  ];
}
