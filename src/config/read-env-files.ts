import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { parseEnvFile, type Variable } from './parse-env-file.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { makeSource, type Place } from './source.ts';

interface Context {
  readonly report: Report;
  readonly lists: ListReader;
}

/** The same length, with nothing legible but names: the frame of a diagnostic goes to logs and terminals. */
function redact(text: string): string {
  return text.replace(/[^\n]+/g, (line) => {
    const [head = ''] = /^[ \t]*(?:[#;]|\w+=|export\s+\w+=)?/.exec(line) ?? [];
    return head + line.slice(head.length).replace(/[^ \t]/g, '*');
  });
}

function readOne(path: string, { report, lists, at }: Context & { readonly at: Place }): readonly Variable[] {
  const bytes = lists.readBytes(path, at);
  if (!bytes) return [];
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    report.add({ code: 'config/not-utf8', at, message: `Cannot read ${quote(path)}: it is not UTF-8 text` });
    return [];
  }
  const { variables, faults } = parseEnvFile(text);
  const source = makeSource(path, redact(text));
  for (const { start, end, reason, help } of faults) {
    const message = `Cannot use a line of ${quote(path)}: ${reason}`;
    report.add({ code: 'config/env-file-line', at: { source, start, end }, message, help });
  }
  return variables;
}

/** The variables of `env_file`; where files have the same name, the last one counts. */
export function readEnvFiles(service: LayeredService, context: Context): ReadonlyMap<string, string> {
  const { env_file: setting } = service.settings;
  if (!setting) return new Map();
  const at = placeOfSetting(service, setting);
  const paths = typeof setting.value === 'string' ? [setting.value] : setting.value;
  return new Map(paths.flatMap((path) => readOne(path, { ...context, at })));
}
