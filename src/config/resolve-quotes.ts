import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { parseQuotes } from './parse-quotes.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';

/** They are part of what the dispatcher keeps in memory. */
const MOST_BYTES = 65_536;

/** What qotd says, from its file; none after a report. */
export function resolveQuotes(
  service: LayeredService,
  { report, lists }: { readonly report: Report; readonly lists: ListReader },
): readonly string[] {
  const setting = service.settings.qotd_file;
  if (!setting) return [];
  const at = placeOfSetting(service, setting);
  const text = lists.readText(setting.value, at);
  if (text === undefined) return [];
  const refuse = (code: 'config/too-large' | 'config/quote', reason: string): readonly string[] => {
    report.add({
      code,
      at,
      message: `Cannot use ${quote(setting.value)} as a file of quotations: ${reason}`,
    });
    return [];
  };
  if (text.length > MOST_BYTES) return refuse('config/too-large', 'it is larger than 64 KiB');
  const { quotes, tooLong } = parseQuotes(text);
  if (tooLong.length > 0)
    return refuse('config/quote', `the one in line ${tooLong[0]} has 512 characters or more`);
  if (quotes.length === 0) return refuse('config/quote', 'there is none in it');
  return quotes;
}
