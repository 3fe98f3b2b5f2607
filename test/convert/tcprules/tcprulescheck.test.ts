import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeWith } from '../../harness/describe-with.ts';
import { tcprulescheck } from '../../harness/tcprules.ts';
import { rulesOfText, serviceWith } from './rules-of-text.ts';

const FILES = 2_000;
const CLIENTS = 3;

const octet = fc.constantFrom('1', '2', '3', '9', '10', '11', '255');
const range = fc.constantFrom('1-3', '2-2', '9-11', '10-300', '3-1', '1-255');
const part = fc.oneof({ weight: 5, arbitrary: octet }, { weight: 1, arbitrary: range });
/** Few numbers, so that rules meet each other and their clients. */
const address = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(octet, octet, octet, part).map((parts) => parts.join('.')) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.array(octet, { maxLength: 2 }), part)
      .map(([parts, last]) => `${[...parts, last].join('.')}.`),
  },
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('1.2', '01.', '300.', ' 1.', '1.2.3.4.', '1.2.3.', '0.', '1.2.3.0'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('=', '=.example', '=.b.example', '=a.b.example', '=c.test', '=.test', '=..'),
  },
);
const value = fc.constantFrom('""', '"x"', "'a b'", '/1%2:3/', '"@fix.me"', '"[::1]"', '|\\|', '"=,#"');
const variables = fc
  .array(fc.tuple(fc.constantFrom('RELAYCLIENT', 'A', 'B_2'), value), { maxLength: 2 })
  .map((all) => all.map(([name, text]) => `,${name}=${text}`).join(''));
const rule = fc
  .tuple(address, fc.constantFrom('allow', 'deny'), fc.oneof(fc.constant(''), fc.constant(''), variables))
  .map((parts) => `${parts[0]}:${parts[1]}${parts[2]}`);
const line = fc.oneof(
  { weight: 12, arbitrary: rule },
  { weight: 1, arbitrary: fc.constantFrom('# comment', '', 'no colon', ' ', '1.2.3.:deny  ') },
);
const client = fc
  .tuple(
    fc.array(octet, { minLength: 4, maxLength: 4 }),
    fc.option(fc.constantFrom('a.b.example', 'x.b.example', 'example', 'c.test', 'd.c.test')),
  )
  .map(([octets, name]) => ({ address: octets.join('.'), name: name ?? undefined }));
const file = fc.record({
  rules: fc.array(line, { minLength: 1, maxLength: 9 }).map((lines) => `${lines.join('\n')}\n`),
  clients: fc.array(client, { minLength: CLIENTS, maxLength: CLIENTS }),
});

/** The services, made while the others answer. */
async function servicesOf(texts: readonly string[]): Promise<readonly ReturnType<typeof serviceWith>[]> {
  const services: ReturnType<typeof serviceWith>[] = [];
  for (const text of texts) {
    const { entries, diagnostics } = rulesOfText(text);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    services.push(serviceWith(entries));
    if (services.length % 20 === 0) await setImmediate();
  }
  return services;
}

describeWith(
  'rules of tcpserver beside tcprules and tcprulescheck',
  { needs: [{ program: 'tcprules' }, { program: 'tcprulescheck' }] },
  () => {
    test('6,000 clients of 2,000 generated files have the verdict and the variables of tcprulescheck (promise 6)', async () => {
      const files = fc.sample(file, { numRuns: FILES, seed: 11 });
      const asked = tcprulescheck(files);
      const services = await servicesOf(files.map(({ rules }) => rules));
      const answers = await asked;
      const differences: unknown[] = [];
      let granted = 0;
      let told = 0;
      for (const [index, { rules, clients }] of files.entries()) {
        const ask = services[index];
        if (!ask) throw new Error('There is no service');
        for (const [at, { address: from, name }] of clients.entries()) {
          const fact = name === undefined ? { kind: 'unknown', why: 'none' } : { kind: 'known', name };
          const ours = ask({ address: from, name: fact as Parameters<typeof ask>[0]['name'] });
          const theirs = answers[index]?.[at];
          const wanted = theirs?.granted
            ? { verdict: 'admitted', env: theirs.env }
            : { verdict: 'refused', env: {} };
          if (theirs?.granted) granted++;
          if (Object.keys(wanted.env).length > 0) told++;
          if (JSON.stringify(ours) !== JSON.stringify(wanted))
            differences.push({ rules, from, name, ours, theirs });
        }
      }
      expect(differences.slice(0, 3)).toEqual([]);
      expect(granted).toBeGreaterThan((FILES * CLIENTS) / 5);
      expect(granted).toBeLessThan((4 * FILES * CLIENTS) / 5);
      expect(told).toBeGreaterThan((FILES * CLIENTS) / 20);
    }, 90_000);
  },
);
