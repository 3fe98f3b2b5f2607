import { quote } from '../quote.ts';
import type { HostsCode } from './hosts-problem.ts';
import type { ReadOption } from './read-option.ts';
import { readSetenv } from './read-setenv.ts';

interface OptionRow {
  readonly isLast?: boolean;
  read(value: string | undefined): ReadOption;
}

/** The names that tcp_wrappers knows; the rest of syslog's it denies service for. */
const FACILITIES = ['kern', 'user', 'mail', 'daemon', 'auth', 'lpr', 'news', 'uucp', 'cron'];
const LOCAL_FACILITY = /^local[0-7]$/;
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
const NICE_MOST = 19;

function needsValue(read: (value: string) => ReadOption): OptionRow {
  return { read: (value) => (value === undefined ? { reason: 'it needs a value' } : read(value)) };
}

function verdict(grants: boolean): OptionRow {
  return { isLast: true, read: (value) => (value === undefined ? { option: grants } : NO_VALUE) };
}

const NO_VALUE: ReadOption = { reason: 'it takes no value' };

function refused(code: HostsCode, reason: string): OptionRow {
  const help = code === 'hosts/ident' ? 'leave it out' : 'see the attribute "decide"';
  return { read: () => ({ code, reason, help }) };
}

function readSeverity(value: string): ReadOption {
  const parts = value.toLowerCase().split('.');
  const [facility, level = ''] = parts.length === 1 ? [undefined, parts[0]] : parts;
  const isFacility = facility === undefined || FACILITIES.includes(facility) || LOCAL_FACILITY.test(facility);
  if (parts.length <= 2 && isFacility && LEVELS.includes(level)) {
    return { option: { kind: 'severity', facility, level } };
  }
  return { reason: `${quote(value)} is no level, nor a facility and a level with a dot between` };
}

function readLinger(value: string): ReadOption {
  if (/^\d{1,5}$/.test(value)) return { option: { kind: 'linger', seconds: Number(value) } };
  return { reason: `${quote(value)} is not a number of seconds` };
}

function readNice(value = '10'): ReadOption {
  const increment = /^[+-]?\d{1,3}$/.test(value) ? Number(value) : Number.NaN;
  if (Math.abs(increment) <= NICE_MOST) return { option: { kind: 'nice', increment } };
  return { reason: `${quote(value)} is not a number from -${NICE_MOST} to ${NICE_MOST}` };
}

function readUmask(value: string): ReadOption {
  if (/^0*[0-7]{1,3}$/.test(value)) return { option: { kind: 'umask', mask: Number.parseInt(value, 8) } };
  return { reason: `${quote(value)} is not an octal number up to 0777` };
}

function readUser(value: string): ReadOption {
  const [, user, group] = /^([\w-]+)(?:\.([\w-]+))?$/.exec(value) ?? [];
  if (user !== undefined) return { option: { kind: 'user', user, group } };
  return { reason: `${quote(value)} is neither a user nor a user and a group with a dot between` };
}

function readGroup(group: string): ReadOption {
  if (/^[\w-]+$/.test(group)) return { option: { kind: 'group', group } };
  return { reason: `${quote(group)} is not the name of a group` };
}

function readBanners(directory: string): ReadOption {
  if (directory.startsWith('/')) return { option: { kind: 'banners', directory } };
  return { reason: `${quote(directory)} is not an absolute path` };
}

/** Every option of hosts_options(5), and what it becomes. */
export const OPTIONS: Readonly<Record<string, OptionRow>> = {
  allow: verdict(true),
  deny: verdict(false),
  severity: needsValue(readSeverity),
  keepalive: { read: (value) => (value === undefined ? { option: { kind: 'keepalive' } } : NO_VALUE) },
  linger: needsValue(readLinger),
  banners: needsValue(readBanners),
  nice: { read: readNice },
  setenv: needsValue(readSetenv),
  umask: needsValue(readUmask),
  user: needsValue(readUser),
  group: needsValue(readGroup),
  rfc931: refused('hosts/ident', 'the name of a user comes from the client and proves nothing'),
  spawn: refused('hosts/spawn', 'rules do not run commands'),
  twist: refused('hosts/twist', 'rules do not run commands'),
  aclexec: refused('hosts/aclexec', 'rules do not run commands'),
};
