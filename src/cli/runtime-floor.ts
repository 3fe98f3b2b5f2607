import { NODE_LINES } from './node-lines.ts';

/** A release line of Node that we run on: its first version without known holes that matter here (S136). */
interface Line {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

const FLOORS: readonly Line[] = [
  { major: 20, minor: 20, patch: 2 },
  { major: 22, minor: 22, patch: 2 },
  { major: 24, minor: 14, patch: 1 },
];

const END_OF_LIFE: ReadonlyMap<number, string> = new Map(
  NODE_LINES.map(({ major, endsOn }) => [major, endsOn]),
);

/** Even lines newer than the table are not known to have ended. */
const NEWEST_KNOWN = Math.max(...NODE_LINES.map(({ major }) => major));

export type RuntimeVerdict =
  | { readonly kind: 'fit' }
  | { readonly kind: 'ended'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

function parseVersion(version: string): Line | undefined {
  const match = /^([0-9]+)\.([0-9]+)\.([0-9]+)/.exec(version);
  return match ? { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) } : undefined;
}

function isBelow(version: Line, floor: Line): boolean {
  if (version.minor !== floor.minor) return version.minor < floor.minor;
  return version.patch < floor.patch;
}

/** Lines between those with a floor, and older ones, never got the fixes; later ones were born with them. */
function isRefused(version: Line): boolean {
  const floor = FLOORS.find(({ major }) => major === version.major);
  return floor ? isBelow(version, floor) : version.major < (FLOORS.at(-1)?.major ?? 0);
}

function endOf(major: number): string | undefined {
  if (major % 2 === 1) return 'it is a line without long-term support';
  const day = END_OF_LIFE.get(major);
  return day === undefined ? undefined : `its release line ended on ${day}`;
}

function hasEnded(major: number, today: string): boolean {
  if (major % 2 === 1) return true;
  const day = END_OF_LIFE.get(major);
  return day === undefined ? major <= NEWEST_KNOWN : today > day;
}

/** Whether zinetd may run on this Node. `today` is an ISO date such as 2026-12-31. */
export function judgeRuntime(version: string, today: string): RuntimeVerdict {
  const parsed = parseVersion(version);
  if (!parsed || isRefused(parsed)) {
    const floors = FLOORS.map(({ major, minor, patch }) => `${major}.${minor}.${patch}`).join(', ');
    const message = `Cannot run on Node.js ${version}: it has known holes (needs at least ${floors} of its release line)`;
    return { kind: 'refused', message };
  }
  if (!hasEnded(parsed.major, today)) return { kind: 'fit' };
  return { kind: 'ended', message: `Node.js ${version} gets no more fixes: ${endOf(parsed.major)}` };
}
