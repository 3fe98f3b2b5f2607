import { type Budget, MOST_NODES } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Problem, Report } from '../../config/report.ts';
import { readLines, type UnitLine } from './read-lines.ts';
import { placeIn } from './text.ts';
import type { LineUse, Setting } from './unit.ts';

interface Context {
  readonly report: Report;
  readonly budget: Budget;
}

/** What one file says. */
export interface ParsedFile {
  readonly settings: readonly Setting[];
  readonly lines: readonly LineUse[];
  readonly isBroken: boolean;
}

const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/;
const BEYOND_ASCII = /[\x80-\xff]/;
/** What a build puts its own words in for. */
const TOKEN = /@[A-Za-z_][A-Za-z0-9_]*@/;
/** Sections whose lines say how the service runs; the others are for systemd. */
const OWN: ReadonlySet<string> = new Set(['Socket', 'Service']);
const KNOWN: ReadonlySet<string> = new Set(['Unit', 'Install', ...OWN]);

/** Why nobody should go on from a line; undefined for any other. */
function brokenLine({ text }: UnitLine, isUtf8: boolean): Problem | undefined {
  const control = text.text.search(CONTROL);
  if (control >= 0) {
    const at = placeIn(text, control, control + 1);
    const message = `Cannot use ${quote(text.text[control] ?? '')}: it is a control character`;
    return { code: 'systemd/control-character', at, message };
  }
  const beyond = isUtf8 ? -1 : text.text.search(BEYOND_ASCII);
  if (beyond >= 0) {
    const at = placeIn(text, beyond, beyond + 1);
    const message = 'Cannot use this line: it is not UTF-8 text, and systemd ignores it';
    return { code: 'systemd/not-utf8', at, message };
  }
  const token = TOKEN.exec(text.text);
  if (!token) return undefined;
  const at = placeIn(text, token.index, token.index + token[0].length);
  const message = `Cannot use ${quote(token[0])}: the file is the template of a build, which puts something else there`;
  return { code: 'systemd/template', at, message, help: 'convert the unit that is installed' };
}

/** The name of a section, or what is wrong with its line: systemd reads nothing of such a file. */
function headOf({ text }: UnitLine): string | Problem {
  const [, name] = /^\[([^[\]]*)\]$/.exec(text.text.trimEnd()) ?? [];
  if (name !== undefined) return name;
  const at = placeIn(text, 0, text.text.length);
  return {
    code: 'systemd/section',
    at,
    message: `Cannot read ${quote(text.text.trimEnd())}: "]" must end the line`,
  };
}

/** A setting, or why systemd ignores the line. */
function settingOf({ text }: UnitLine, section: string): Setting | Problem {
  const whole = placeIn(text, 0, text.text.trimEnd().length);
  const shown = quote(text.text.trimEnd());
  const equals = text.text.indexOf('=');
  const reason =
    section === ''
      ? 'it stands in no section'
      : equals === -1
        ? 'it has no "="'
        : 'no name stands before the "="';
  if (section === '' || equals < 1) {
    return { code: 'systemd/syntax', at: whole, message: `Ignored ${shown}, as systemd does: ${reason}` };
  }
  const behind = text.text.slice(equals + 1);
  const value = behind.trim();
  const offset = equals + 1 + (behind.length - behind.trimStart().length);
  return { section, name: text.text.slice(0, equals).trimEnd(), value, text, offset, place: whole };
}

function useOf(section: string): LineUse['kind'] {
  if (section.startsWith('X-')) return 'comment';
  return OWN.has(section) || section === '' ? 'own' : 'unneeded';
}

/** Reads one file, and goes on behind what is wrong in it. */
class FileReader {
  readonly settings: Setting[] = [];
  readonly lines: LineUse[] = [];
  isBroken = false;
  #section = '';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  take(line: UnitLine, isUtf8: boolean): void {
    const { report } = this.#context;
    if (line.kind !== 'text') {
      this.lines.push({ kind: line.kind, place: line.place });
      return;
    }
    const broken = brokenLine(line, isUtf8);
    if (broken) {
      report.add(broken);
      this.isBroken = true;
    } else if (line.text.text.startsWith('[')) this.#enter(line);
    else this.#set(line);
    this.lines.push({ kind: broken ? 'own' : useOf(this.#section), place: line.place });
  }

  #enter(line: UnitLine): void {
    const head = headOf(line);
    if (typeof head !== 'string') {
      this.#context.report.add(head);
      this.isBroken = true;
      return;
    }
    this.#section = head;
    if (KNOWN.has(head) || head.startsWith('X-')) return;
    const at = placeIn(line.text, 0, line.text.text.trimEnd().length);
    const message = `Ignored the section ${quote(head)}, as systemd does: a socket or a service has none`;
    this.#context.report.add({ code: 'systemd/unknown', at, message });
  }

  #set(line: UnitLine): void {
    const setting = settingOf(line, this.#section);
    if ('code' in setting) this.#context.report.add(setting);
    else if (KNOWN.has(setting.section)) this.settings.push(setting);
  }
}

/** What a file says; undefined after a report when it is more than anybody can have meant. */
export function parseUnit(file: ForeignFile, context: Context): ParsedFile | undefined {
  const reader = new FileReader(context);
  for (const line of readLines(file.source)) {
    context.budget.nodes -= line.kind === 'text' ? 2 : 0;
    if (context.budget.nodes < 0) {
      const message = `Cannot read more than ${MOST_NODES} values, all files counted in`;
      context.report.add({ code: 'config/too-many-nodes', at: line.place, message });
      return undefined;
    }
    reader.take(line, file.isUtf8);
  }
  return { settings: reader.settings, lines: reader.lines, isBroken: reader.isBroken };
}
