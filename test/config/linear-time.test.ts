import { describe, expect, test } from 'vitest';
import { parseIdentQuery } from '../../src/builtins/ident-query.ts';
import { parseMuxRequest } from '../../src/builtins/tcpmux-line.ts';
import { parseAccessWindow } from '../../src/config/access-window.ts';
import { parseClientNotation } from '../../src/config/client-notation.ts';
import { parseListFile } from '../../src/config/list-file.ts';
import { parseListen } from '../../src/config/listen.ts';
import { parseEnvFile } from '../../src/config/parse-env-file.ts';
import { parseQuotes } from '../../src/config/parse-quotes.ts';
import { parseRecordTemplate } from '../../src/config/record-template.ts';
import { parseRefusalTemplate } from '../../src/config/refusal-template.ts';
import { parseRequest } from '../../src/control/parse-request.ts';
import { parseHttpRequest } from '../../src/metrics/parse-http-request.ts';
import { parseAlternativeNames } from '../../src/model/alternative-names.ts';
import { parseDistinguishedName } from '../../src/model/distinguished-name.ts';
import { parseBytes, parseDurationMs } from '../../src/model/quantity.ts';
import { parseDecision } from '../../src/resolver/parse-decision.ts';

/** What reads text of somebody: of a file, a client, a certificate or a program. Those with a bound of their own are beyond it here. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a file of variables': parseEnvFile,
  'a file of addresses': (text) => parseListFile(Buffer.from(text)),
  'a file of quotations': parseQuotes,
  'a template of records': parseRecordTemplate,
  'a template of refusals': parseRefusalTemplate,
  'a window of time': parseAccessWindow,
  'a place to listen': parseListen,
  'a client by certificate': parseClientNotation,
  'a duration': parseDurationMs,
  'an amount of bytes': parseBytes,
  'a name in a certificate': parseDistinguishedName,
  'other names in a certificate': parseAlternativeNames,
  'a request of HTTP': parseHttpRequest,
  'a request of the control socket': (text) => parseRequest(Buffer.from(text)),
  'a line of tcpmux': (text) => parseMuxRequest(Buffer.from(text)),
  'a question of ident': parseIdentQuery,
  'an answer of a program that decides': (text) => parseDecision(Buffer.from(text)),
};

const UNITS = [
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    ' \n',
    'a',
    '0',
    '.',
    ',',
    '-',
    '/',
    ':',
    '#',
    '%',
    '=',
    '@',
    '+',
    '*',
    '\\',
    '"',
  ],
  ...[
    "'",
    '[',
    '{',
    '${',
    '\u00e9',
    'a.',
    'a,',
    '0.',
    'a ',
    'a=',
    'A=1\n',
    'CN=a,',
    'DNS:a, ',
    '1.2.3.4\n',
    '::',
    '[[',
  ],
];
const BEGINNINGS = ['', 'A=1', '"', 'CN=', 'san:email:', 'tcp://', 'GET /'];
const CHARACTERS = 100_000;
/** Forty times what the slowest takes, and a twentieth of what one does that looks at each pair of characters. */
const MOST_MS = 1000;

/** A character at the end that fits nowhere makes a pattern look at every other way to match. */
function* texts(): Generator<string> {
  for (const beginning of BEGINNINGS)
    for (const unit of UNITS) yield `${beginning}${unit.repeat(CHARACTERS / unit.length)}\u0001`;
}

/** The best of three, since a machine may have had something else to do. */
function msOf(parse: (text: string) => unknown, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && best > MOST_MS; tries++) {
    const before = performance.now();
    parse(text);
    best = Math.min(best, performance.now() - before);
  }
  return best;
}

describe('100,000 characters of whatever', () => {
  test.each(Object.entries(PARSERS))(
    'are read in time that grows with the text alone, as %s (S109)',
    (_name, parse) => {
      for (const text of texts()) expect(msOf(parse, text), text.slice(0, 12)).toBeLessThan(MOST_MS);
    },
    120_000,
  );
});
