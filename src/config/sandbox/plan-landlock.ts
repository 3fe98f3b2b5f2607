import type { Capability } from '../../model/capability.ts';
import type { LandlockRules, PathRule } from '../../model/sandbox.ts';
import type { AttributeName } from '../document.ts';
import { FS } from './kernel.ts';
import { needsMounts } from './plan-mounts.ts';
import type { Wishes } from './wishes.ts';

/** Of the interface of Landlock that knows of truncate(2), without which what cannot be written can be emptied. */
export const LANDLOCK_WITH_TRUNCATE = 3;

const TO_FILES = FS.WRITE_FILE | FS.TRUNCATE;
const TO_DIRECTORIES =
  FS.REMOVE_DIR | FS.REMOVE_FILE | FS.MAKE_CHAR | FS.MAKE_DIR | FS.MAKE_REG | FS.MAKE_SOCK | FS.MAKE_FIFO;
const TO_WRITE = TO_FILES | TO_DIRECTORIES | FS.MAKE_BLOCK | FS.MAKE_SYM | FS.REFER;

/** A mount that is read-only leaves devices alone; with these no harm can be done, and programs expect them. */
const DEVICES = [
  ...['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'],
  ...['/dev/tty', '/dev/ptmx', '/dev/pts'],
];

/**
 * What of the wishes nothing but a view of the file system can do: to hide something, to show something else, or to keep from
 * this and nothing beside, of which a list of what is allowed would miss whatever is new.
 */
export function onlyByMounts(wishes: Wishes): readonly AttributeName[] {
  const { protectSystem, protectHome, readOnlyPaths, execPaths } = wishes;
  const isStrict = protectSystem === 'strict';
  // Paths are those of the machine, and looked for where the handler is.
  const isElsewhere = wishes.chroot !== undefined;
  const asked: readonly (readonly [AttributeName, boolean])[] = [
    ['protect_system', protectSystem !== false && (!isStrict || isElsewhere)],
    ['protect_home', protectHome === true || (protectHome === 'read-only' && !isStrict)],
    ['read_only_paths', readOnlyPaths.length > 0 && !isStrict],
    ['exec_paths', execPaths !== undefined && isElsewhere],
    ['credentials', wishes.hasCredentials],
    ['private_tmp', wishes.privateTmp],
    ['private_pids', wishes.privatePids],
  ];
  return asked.filter(([, isAsked]) => isAsked).map(([attribute]) => attribute);
}

/** Whether Landlock does what mounts would: for who may not mount, where nothing else needs that. */
export function isByLandlock(wishes: Wishes, own: ReadonlySet<Capability>): boolean {
  return !own.has('CAP_SYS_ADMIN') && needsMounts(wishes) && onlyByMounts(wishes).length === 0;
}

function planWriting({ protectSystem, readWritePaths }: Wishes): LandlockRules {
  if (protectSystem !== 'strict') return { rights: 0, rules: [] };
  const devices = DEVICES.map((path) => ({ path, ofDirectory: FS.WRITE_FILE, ofFile: FS.WRITE_FILE }));
  const paths = readWritePaths.map((path) => ({ path, ofDirectory: TO_WRITE, ofFile: TO_FILES }));
  return { rights: TO_WRITE, rules: [...devices, ...paths] };
}

function planExecution({ execPaths }: Wishes): LandlockRules {
  if (!execPaths || execPaths.includes('/')) return { rights: 0, rules: [] };
  const rules = execPaths.map((path) => ({ path, ofDirectory: FS.EXECUTE, ofFile: FS.EXECUTE }));
  return { rights: FS.EXECUTE, rules };
}

/** Any rules take away moving between directories, unless they give it back. */
function planMoves({ protectSystem }: Wishes): readonly PathRule[] {
  return protectSystem === 'strict' ? [] : [{ path: '/', ofDirectory: FS.REFER, ofFile: 0 }];
}

/** Lists of what is allowed, of which all else is denied: landlock(7). Undefined where mounts do it, or there is nothing to do. */
export function planLandlock(wishes: Wishes, own: ReadonlySet<Capability>): LandlockRules | undefined {
  if (!isByLandlock(wishes, own)) return undefined;
  const writing = planWriting(wishes);
  const execution = planExecution(wishes);
  const rights = writing.rights | execution.rights;
  if (rights === 0) return undefined;
  return { rights: rights | FS.REFER, rules: [...planMoves(wishes), ...writing.rules, ...execution.rules] };
}
