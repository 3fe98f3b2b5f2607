import { RECORD_FIELDS, type RecordField, type RecordTemplate } from '../model/log-policy.ts';
import { nearest } from './nearest.ts';
import { quote } from './quote.ts';

/** Why a text is no template. */
export interface RecordTemplateFault {
  readonly reason: string;
  readonly help: string | undefined;
}

/** A field, a doubled brace, an odd one, or the text between. */
const PART = /\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/gs;

function isField(name: string): name is RecordField {
  return RECORD_FIELDS.some((field) => field === name);
}

function faultOf(part: string): RecordTemplateFault | undefined {
  if (part === '{' || part === '}') {
    return { reason: `${quote(part)} stands alone`, help: 'write "{{" or "}}" for a brace' };
  }
  const name = part.slice(1, -1);
  if (!part.startsWith('{') || part === '{{' || isField(name)) return undefined;
  const near = nearest(name, RECORD_FIELDS);
  const help =
    near === undefined ? `these are there: ${RECORD_FIELDS.join(', ')}` : `did you mean "{${near}}"?`;
  return { reason: `there is no field ${quote(name)}`, help };
}

/** Reads a line with fields in braces: `{time} {service} {address}`. */
export function parseRecordTemplate(text: string): RecordTemplate | RecordTemplateFault {
  if (/[\r\n]/.test(text)) return { reason: 'a record is one line', help: undefined };
  const parts = text.match(PART) ?? [];
  const fault = parts.map(faultOf).find((found) => found !== undefined);
  if (fault) return fault;
  const template = parts.map((part) => {
    if (part === '{{' || part === '}}') return part.slice(1);
    const name = part.slice(1, -1);
    return part.startsWith('{') && isField(name) ? { field: name } : part;
  });
  if (template.some((part) => typeof part !== 'string')) return template;
  // Every record would be the same.
  return { reason: 'has no field in braces', help: `these are there: ${RECORD_FIELDS.join(', ')}` };
}
