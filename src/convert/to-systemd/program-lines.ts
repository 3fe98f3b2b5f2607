import { LIMIT_KINDS } from '../../config/limit-value.ts';
import type { RlimitName } from '../../model/rlimit.ts';
import { quoteArgument, quoteWord, withoutSpecifiers } from './quote-word.ts';
import { cannot, inService, leaveOut, type UnitContext, type UnitLine } from './unit-writer.ts';

/** A path or name by itself in a line, where blanks part nothing. */
const plain = withoutSpecifiers;

function commandLines(context: UnitContext): readonly UnitLine[] {
  const { server, server_args: args, argv0 } = context.service.settings;
  if (!server) return cannot('server', 'it starts no program', context);
  const words = (args?.value ?? []).map(quoteArgument);
  const named = argv0 && argv0.value !== server.value ? [quoteArgument(argv0.value)] : [];
  // What a program ends with is its own affair: an instance that failed would keep its place.
  const prefix = named.length > 0 ? '-@' : '-';
  return [inService('ExecStart', [`${prefix}${quoteArgument(server.value)}`, ...named, ...words].join(' '))];
}

function identityLines(context: UnitContext): readonly UnitLine[] {
  const { user, group, groups, dynamic_user: dynamic } = context.service.settings;
  if (dynamic?.value === true) return [inService('DynamicUser', 'yes')];
  const isRoot = user === undefined || user.value === 'root';
  if (!isRoot && groups?.value !== true) {
    leaveOut('groups', 'under systemd a program has the supplementary groups of its user as well', context);
  }
  const list = typeof groups?.value === 'object' ? groups.value : [];
  return [
    ...(user ? [inService('User', user.value)] : []),
    ...(group ? [inService('Group', group.value)] : []),
    ...(list.length > 0 ? [inService('SupplementaryGroups', list.join(' '))] : []),
  ];
}

function environmentLines(context: UnitContext): readonly UnitLine[] {
  const { service } = context;
  const { env_file: file, pass_env: passed, peer_env: peer } = service.settings;
  if (passed?.value === 'ALL') leaveOut('pass_env', 'systemd passes on what is listed', context);
  const names = passed && passed.value !== 'ALL' ? passed.value : [];
  const more = (peer?.value ?? []).filter((set) => set !== 'cgi');
  if (more.length > 0)
    leaveOut(
      'peer_env',
      `systemd sets REMOTE_ADDR and REMOTE_PORT, and nothing of "${more.join('", "')}"`,
      context,
    );
  const files = file ? [file.value].flat() : [];
  const written = Array.from(service.env, ([name, { value }]) => quoteWord(`${name}=${value}`));
  if (files.length > 0 && written.length > 0)
    leaveOut('env_file', 'what it says wins over "env" under systemd', context);
  return [
    ...written.map((word) => inService('Environment', word)),
    ...files.map((path) => inService('EnvironmentFile', plain(path))),
    ...(names.length > 0 ? [inService('PassEnvironment', names.join(' '))] : []),
  ];
}

const ERRORS = { socket: 'inherit', log: 'journal', none: 'null' } as const;

/** How the program gets its socket. */
function streamLines({ service, isWaiting }: UnitContext): readonly UnitLine[] {
  const { stderr, listen_fds: listed } = service.settings;
  const isListed = isWaiting && listed?.value === true;
  return [
    inService('StandardInput', isListed ? 'null' : 'socket'),
    ...(isListed && stderr?.value === 'none' ? [inService('StandardOutput', 'null')] : []),
    inService('StandardError', ERRORS[stderr?.value ?? 'socket']),
  ];
}

/** systemd has others than zinetd where nothing is written. */
const OURS: readonly RlimitName[] = ['nofile', 'core'];

/** Sizes have capital letters there; in times a small "m" is a minute. */
function limitText(name: RlimitName, value: string | number): string {
  if (value === 'unlimited') return 'infinity';
  return LIMIT_KINDS[name] === 'bytes' ? String(value).toUpperCase() : String(value);
}

function rlimitLines({ service }: UnitContext): readonly UnitLine[] {
  return Array.from(service.rlimits).flatMap(([name, { value, node }]) => {
    if (!node && !OURS.includes(name)) return [];
    const isPair = typeof value === 'object';
    const text = isPair
      ? `${limitText(name, value.soft)}:${limitText(name, value.hard)}`
      : limitText(name, value);
    return [inService(`Limit${name.toUpperCase()}`, text)];
  });
}

function lifeLines(context: UnitContext): readonly UnitLine[] {
  const { umask, nice, cwd, chroot, grace, max_connection_age: age } = context.service.settings;
  return [
    ...(umask ? [inService('UMask', umask.value.padStart(4, '0'))] : []),
    ...(nice ? [inService('Nice', nice.value)] : []),
    ...(cwd && cwd.value !== '/' ? [inService('WorkingDirectory', plain(cwd.value))] : []),
    ...(chroot ? [inService('RootDirectory', plain(chroot.value))] : []),
    ...(grace ? [inService('TimeoutStopSec', grace.value.replace(/m$/, 'min'))] : []),
    ...(age && !context.isWaiting ? [inService('RuntimeMaxSec', age.value.replace(/m$/, 'min'))] : []),
  ];
}

/** What is started, as whom, and with what. */
export function programLines(context: UnitContext): readonly UnitLine[] {
  return [
    ...commandLines(context),
    ...streamLines(context),
    ...identityLines(context),
    ...environmentLines(context),
    ...lifeLines(context),
    ...rlimitLines(context),
  ];
}
