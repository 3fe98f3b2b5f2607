import type { ForeignFile } from '../../config/read.ts';
import type { Place } from '../../config/source.ts';
import { keepsValue } from './keeps-value.ts';
import { placeIn, type Text } from './text.ts';
import type { UnitName } from './unit-name.ts';

/** `Name=value` in a section, without the blanks around the value. */
export interface Setting {
  readonly section: string;
  readonly name: string;
  readonly value: string;
  /** The whole line, in which the value begins at `offset`. */
  readonly text: Text;
  readonly offset: number;
  /** Of the line, from the name on. */
  readonly place: Place;
}

/** What a line of a file is for. */
export interface LineUse {
  readonly kind: 'blank' | 'comment' | 'own' | 'unneeded';
  readonly place: Place;
}

/** A unit with its drop-ins. */
export interface Unit {
  readonly name: UnitName;
  readonly main: ForeignFile;
  readonly settings: readonly Setting[];
  /** Its file and its drop-ins. */
  readonly files: readonly { readonly file: ForeignFile; readonly lines: readonly LineUse[] }[];
  /** Something that systemd itself, or we, cannot go on from: the report has it. */
  readonly isBroken: boolean;
}

/** The file as a whole. */
export function topOf({ main: { source } }: Unit): Place {
  return { source, start: 0, end: Math.max(0, source.text.indexOf('\n')) };
}

/** The place of some characters of a value, or of all of it. */
export function placeOfValue(
  { text, offset, value, place }: Setting,
  from = 0,
  to: number = value.length,
): Place {
  return value === '' ? place : placeIn(text, offset + from, offset + to);
}

/** Everything that a list has: what stands behind the last assignment of nothing. */
export function listOf(unit: Unit, section: string, name: string): readonly Setting[] {
  const all = unit.settings.filter((each) => each.section === section && each.name === name);
  return all.slice(all.findLastIndex(({ value }) => value === '') + 1);
}

/** The one that counts of several names for the same; undefined where it is set to nothing. */
export function lastOf(unit: Unit, section: string, ...names: readonly string[]): Setting | undefined {
  const last = unit.settings.findLast(
    (each) =>
      each.section === section && names.includes(each.name) && !(each.value === '' && keepsValue(each.name)),
  );
  return last?.value === '' ? undefined : last;
}
