import type { RefusalTemplate } from '../model/refusal-text.ts';
import type { ListReader } from './list-reader.ts';
import { quote } from './quote.ts';
import { parseRefusalTemplate } from './refusal-template.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';

interface Context {
  readonly lists: ListReader;
  readonly report: Report;
  readonly daemon: string;
  readonly at: Place;
}

/** What hosts_access(5) expands, as our own templates say it. Names of clients are addresses here. */
const EXPANSIONS: Readonly<Record<string, string>> = {
  '%a': '%a',
  '%c': '%a',
  '%h': '%a',
  '%n': '%a',
  '%%': '%%',
};

const FIELDS =
  '%a, %c, %h and %n are the address of the client, %d and %s the name of the daemon, %% a percent sign';

function translate(text: string, daemon: string): string {
  const name = daemon.replaceAll('%', '%%');
  const expand = (found: string): string =>
    found === '%d' || found === '%s' ? name : (EXPANSIONS[found] ?? found);
  return text.replace(/%./gs, expand).replace(/\r?\n/g, '\r\n');
}

function decode(text: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return undefined;
  }
}

/** The text of a banner as a template; undefined when there is none, and after a report (S96). */
export function resolveHostsBanner(path: string, context: Context): RefusalTemplate | undefined {
  const { lists, at, report, daemon } = context;
  if (lists.isMissing(path)) return undefined;
  const bytes = lists.readText(path, at);
  if (bytes === undefined) return undefined;
  const text = decode(bytes);
  const template =
    text === undefined
      ? { reason: 'it is not UTF-8 text', help: undefined }
      : parseRefusalTemplate(translate(text, daemon));
  if (!('reason' in template)) return template;
  const message = `Cannot use the banner ${quote(path)}: ${template.reason}`;
  report.add({ code: 'hosts/banner', at, message, help: template.help && FIELDS });
  return undefined;
}
