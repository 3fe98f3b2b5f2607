import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { PlistNode } from './plist-node.ts';

const CONTROL = /[\x00-\x1f\x7f]/;
/** What a build puts in place of itself. */
const TEMPLATE = /@[A-Za-z][A-Za-z0-9_]*@|__[A-Z][A-Z0-9_]*__/;

function checkText(text: string, place: Place, report: Report): void {
  const token = TEMPLATE.exec(text)?.[0];
  if (token !== undefined) {
    const message = `Cannot use ${quote(token)}: the file is a template, and nothing was put in its place yet`;
    const help = 'use the file that the build or installation made of it';
    report.add({ code: 'launchd/template', at: place, message, help });
  } else if (CONTROL.test(text)) {
    const message = `Cannot use ${quote(text)}: it holds a control character`;
    report.add({ code: 'launchd/control-character', at: place, message });
  }
}

/** Whether the texts of a job can be meant as they are. */
export function checkStrings(node: PlistNode, report: Report): void {
  if (node.type === 'string') checkText(node.value, node.place, report);
  if (node.type === 'array') for (const item of node.items) checkStrings(item, report);
  if (node.type === 'dict') for (const { value } of node.entries.values()) checkStrings(value, report);
}
