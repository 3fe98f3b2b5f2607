import { escapeText } from '../model/escape.ts';

/** The first place that a stack names: a file, a line and a column. */
const PLACE = /^\s+at .*?((?:file:|\/)[^()\s]*:\d+:\d+)\)?$/m;

/** One line, whatever was thrown; its text may be the client's. */
export function describeFailure(thrown: unknown, id: string | undefined): string {
  const what = id === undefined ? 'the connection' : `connection ${id}`;
  if (!(thrown instanceof Error)) return escapeText(`Cannot serve ${what}: ${String(thrown)}`);
  const place = PLACE.exec(thrown.stack?.slice(String(thrown).length) ?? '')?.[1];
  return escapeText(`Cannot serve ${what}: ${String(thrown)}${place === undefined ? '' : ` (${place})`}`);
}
