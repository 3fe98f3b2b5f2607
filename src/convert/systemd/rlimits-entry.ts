import type { MapEntry, SyntaxNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { parseSize, parseWhole } from './parse-size.ts';
import { parseSpanMs } from './parse-span.ts';
import { lastOf, placeOfValue, type Setting } from './unit.ts';
import { refuseSetting } from './value-of.ts';

type Parse = (text: string) => number | undefined;

function span(unitMs: number): Parse {
  return (text) => {
    const ms = parseSpanMs(text, unitMs);
    return ms === undefined ? undefined : Math.ceil(ms / unitMs);
  };
}

function count(text: string): number | undefined {
  return text === 'infinity' ? Number.POSITIVE_INFINITY : parseWhole(text);
}

/** `+10` and `-5` are nice levels; a plain number is what setrlimit(2) takes, from 20 less the level. */
function nice(text: string): number | undefined {
  const signed = /^[+-][0-9]{1,2}$/.test(text) ? 20 - Number(text) : count(text);
  return signed !== undefined && signed >= 0 ? signed : undefined;
}

const ROWS: readonly (readonly [name: string, key: string, parse: Parse])[] = [
  ['LimitCPU', 'cpu', span(1000)],
  ['LimitFSIZE', 'fsize', parseSize],
  ['LimitDATA', 'data', parseSize],
  ['LimitSTACK', 'stack', parseSize],
  ['LimitCORE', 'core', parseSize],
  ['LimitRSS', 'rss', parseSize],
  ['LimitNOFILE', 'nofile', count],
  ['LimitAS', 'as', parseSize],
  ['LimitNPROC', 'nproc', count],
  ['LimitMEMLOCK', 'memlock', parseSize],
  ['LimitLOCKS', 'locks', count],
  ['LimitSIGPENDING', 'sigpending', count],
  ['LimitMSGQUEUE', 'msgqueue', parseSize],
  ['LimitNICE', 'nice', nice],
  ['LimitRTPRIO', 'rtprio', count],
  ['LimitRTTIME', 'rttime', span(0.001)],
];

export const RLIMIT_SETTINGS: readonly string[] = ROWS.map(([name]) => name);

function limitText(value: number): number | string {
  return Number.isFinite(value) ? value : 'unlimited';
}

/** One value for both, or soft and hard with a colon between them. */
function limitNode(setting: Setting, parse: Parse, context: PairContext): SyntaxNode | undefined {
  const [soft, hard, ...rest] = setting.value.split(':').map((text) => parse(text.trim()));
  const at = placeOfValue(setting);
  const isPair = setting.value.includes(':');
  if (soft === undefined || (isPair && hard === undefined) || rest.length > 0) {
    return refuseSetting(setting, 'must be a limit, or "SOFT:HARD"', context);
  }
  if (hard === undefined) return scalarNode(limitText(soft), at);
  const both = [
    entryOf('soft', scalarNode(limitText(soft), at)),
    entryOf('hard', scalarNode(limitText(hard), at)),
  ];
  return mapNode(both, at);
}

/** What the program may use. */
export function rlimitsEntry(context: PairContext): MapEntry | undefined {
  const limits = ROWS.flatMap(([name, key, parse]) => {
    const setting = lastOf(context.service, 'Service', name);
    const node = setting && limitNode(setting, parse, context);
    return node ? [entryOf(key, node)] : [];
  });
  const [first] = limits;
  return first && entryOf('rlimits', mapNode(limits, first.value.place));
}
