import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClientNotation } from '../../src/config/client-notation.ts';
import { clientCertificate } from '../../src/model/client-certificate.ts';
import { nameKey, parseDistinguishedName } from '../../src/model/distinguished-name.ts';
import { makePair } from '../harness/certificates.ts';
import { scratch } from '../harness/scratch.ts';

/** A certificate as openssl(1) makes it, and with some of its bytes replaced by others. */
function made(sections: string, changes: Readonly<Record<string, string>> = {}): X509Certificate {
  const { certificate } = makePair(scratch('client'), { name: 'client', sections });
  const der = Buffer.from(new X509Certificate(readFileSync(certificate)).raw);
  for (const [from, to] of Object.entries(changes)) {
    expect(to.length).toBe(from.length);
    const at = der.lastIndexOf(from, undefined, 'latin1');
    expect(at).toBeGreaterThan(0);
    der.write(to, at, 'latin1');
  }
  return new X509Certificate(der);
}

const SOME_SAN = '[san]\nDNS.1=some.example\n';

function isOneOf(notation: string, certificate: X509Certificate): boolean {
  const parsed = parseClientNotation(notation);
  if ('reason' in parsed) throw new Error(`"${notation}": ${parsed.reason}`);
  const shown = clientCertificate(certificate);
  return shown.kind === 'shown' && shown.keys.includes(parsed.key);
}

describe('a client by its subject', () => {
  test('is the whole of it, in the order of RFC 4514, with escapes', () => {
    const odd = made(
      `[dn]\nC=DE\nO=Ex\\\\, ample+Co\nOU=\\ a \\ \nCN=al;ice\n1.2.3.4=odd\nemailAddress=a@b.example\n${SOME_SAN}`,
    );
    const { subject } = clientCertificate(odd) as { subject: string };
    expect(isOneOf(subject, odd)).toBe(true);
    expect(isOneOf(subject.replace('emailAddress', '1.2.840.113549.1.9.1'), odd)).toBe(true);
    expect(isOneOf(subject.replaceAll(/(?<!\\),/g, ' , '), odd)).toBe(true);
    expect(isOneOf(subject.replace(/,C=DE$/, ''), odd)).toBe(false);
    expect(isOneOf(subject.replace('al\\;ice', 'al\\3Bice').replace('CN=', 'cn='), odd)).toBe(true);
    expect(isOneOf(subject.replace('al\\;ice', 'Al\\;ice'), odd)).toBe(false);
  });

  test('is as many parts as there are, in any order where they are one', () => {
    const both = made(`[dn]\nO=Example\nOU=a\n+UID=u\nCN=alice\n${SOME_SAN}`);
    const apart = made(`[dn]\nO=Example\nOU=a\nUID=u\nCN=alice\n${SOME_SAN}`);
    for (const notation of ['CN=alice,OU=a+UID=u,O=Example', 'CN=alice,UID=u+OU=a,O=Example']) {
      expect(isOneOf(notation, both)).toBe(true);
      expect(isOneOf(notation, apart)).toBe(false);
    }
    expect(isOneOf('CN=alice,UID=u,OU=a,O=Example', both)).toBe(false);
    expect(isOneOf('CN=alice,UID=u,OU=a,O=Example', apart)).toBe(true);
    expect(isOneOf('O=Example,OU=a,UID=u,CN=alice', apart)).toBe(false);
  });

  const VICTIM = 'CN=alice,O=Example';

  test.each([
    ['a slash', '[dn]\nCN=alice/O=Example\n'],
    ['a comma', '[dn]\nCN=alice\\,O=Example\n'],
    ['a comma behind a backslash', '[dn]\nCN=alice\\\\,O=Example\n'],
    ['a plus sign', '[dn]\nO=Example\nCN=alice + CN=bob\n'],
    ['a space at an end', '[dn]\nO=Example\nCN="alice "\n'],
    ['quotes', '[dn]\nO=Example\nCN=\\"alice\\"\n'],
    ['another letter that looks so', '[dn]\nO=Example\nCN=\u0430lice\n'],
    ['letters of another case', '[dn]\nO=Example\nCN=Alice\n'],
    ['a part more', '[dn]\nO=Example\nCN=alice\nOU=x\n'],
    ['a part less', '[dn]\nCN=alice\n'],
    ['parts in one', '[dn]\nO=Example\n+CN=alice\n'],
    ['a part twice', '[dn]\nO=Example\nCN=alice\n+OU=x\n'],
  ])('cannot be imitated by %s', (_what, dn) => {
    expect(isOneOf(VICTIM, made(`[dn]\nO=Example\nCN=alice\n${SOME_SAN}`))).toBe(true);
    expect(isOneOf(VICTIM, made(`${dn}${SOME_SAN}`))).toBe(false);
  });

  test.each(['\0', '\n', '\r', '\x7f', '\x1b'])('cannot be imitated by the control character %j', (odd) => {
    const forged = made(`[dn]\nO=Example\nCN=alice~\n${SOME_SAN}`, { 'alice~': `alice${odd}` });
    expect(isOneOf(VICTIM, forged)).toBe(false);
    const lines = made(`[dn]\nCN=alice~O=Example\n${SOME_SAN}`, { 'alice~O=': `alice${odd}O=` });
    expect(isOneOf(VICTIM, lines)).toBe(false);
    expect(isOneOf('CN=alice', lines)).toBe(false);
    expect(isOneOf('O=Example,CN=alice', lines)).toBe(false);
  });

  test('reads back whatever was escaped, and two names are the same only if they are', () => {
    const value = fc.string({ unit: 'binary', minLength: 1 });
    const name = fc.array(fc.tuple(fc.constantFrom('CN', 'O', 'OU'), value), { minLength: 1, maxLength: 3 });
    const written = (parts: readonly (readonly [string, string])[]): string =>
      parts
        .map(([type, text]) => {
          const bytes = Array.from(new TextEncoder().encode(text));
          return `${type}=${bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}`;
        })
        .join(',');
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [a, b] = [one, other].map((parts) => parseDistinguishedName(written(parts)) ?? []);
        expect(a?.flat()).toEqual(one);
        expect(nameKey(a ?? []) === nameKey(b ?? [])).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});

describe('a client by another name', () => {
  const DN = '[dn]\nCN=client\n';

  test('is one of its names of that kind, host names without regard to case, addresses in any form', () => {
    const shown = made(
      `${DN}[san]\nDNS.1=Host.Example\nIP.1=192.0.2.1\nIP.2=2001:db8::1\nemail.1=A@b.example\nURI.1=spiffe://x/a,b\n`,
    );
    for (const notation of [
      ...['san:dns:host.example', 'san:dns:HOST.example', 'san:ip:192.0.2.1', 'san:ip:2001:0db8::0001'],
      ...['san:email:A@b.example', 'san:uri:spiffe://x/a,b'],
    ])
      expect(isOneOf(notation, shown), notation).toBe(true);
    for (const notation of [
      ...['san:dns:example', 'san:dns:192.0.2.1', 'san:ip:192.0.2.10', 'san:ip:::ffff:192.0.2.1'],
      ...['san:email:a@b.example', 'san:uri:spiffe://x/a', 'san:dns:client', 'CN=Host.Example'],
    ])
      expect(isOneOf(notation, shown), notation).toBe(false);
  });

  const VICTIM = 'san:dns:host.example';

  test.each([
    ['a comma in a host name', 'DNS.1="evil, DNS:host.example"'],
    ['quotes in a host name', 'DNS.1=evil\\", DNS:host.example'],
    ['a comma in a URI', 'URI.1="http://x/, DNS:host.example"'],
    ['a comma in an address of mail', 'email.1="a@b, DNS:host.example"'],
    ['the same as text of another kind', 'otherName.1=1.3.6.1.4.1.311.20.2.3;UTF8:a, DNS:host.example'],
    ['a directory name', 'dirName.1=dd\n[dd]\nCN=in, DNS:host.example'],
    ['a star', 'DNS.1=*.example'],
    ['the subject alone', 'DNS.1=other.example'],
    ['a name above', 'DNS.1=x.host.example'],
    ['an empty one', 'DNS.1=" "'],
  ])('cannot be imitated by %s', (_what, san) => {
    expect(isOneOf(VICTIM, made(`${DN}[san]\nDNS.1=host.example\n`))).toBe(true);
    expect(isOneOf(VICTIM, made(`[dn]\nCN=host.example\n[san]\n${san}\n`))).toBe(false);
  });

  test.each(['\0', '\n', '"', '\\', ',', '\xe9', '\x7f'])('cannot be imitated by %j in it', (odd) => {
    const forged = made(`${DN}[san]\nDNS.1=host.example~.evil.example\n`, {
      'host.example~': `host.example${odd}`,
    });
    expect(isOneOf(VICTIM, forged)).toBe(false);
    const other = made(`${DN}[san]\nDNS.1=evil~ DNS:host.example\n`, { 'evil~': `evil${odd}` });
    expect(isOneOf(VICTIM, other)).toBe(false);
  });
});

test('a client by its fingerprint is that certificate, with colons or without, in either case', () => {
  const [one, other] = [made('[dn]\nCN=a\n[san]\nDNS.1=a\n'), made('[dn]\nCN=a\n[san]\nDNS.1=a\n')];
  const digits = one.fingerprint256;
  for (const text of [digits, digits.toLowerCase(), digits.replaceAll(':', '')]) {
    expect(isOneOf(`sha256:${text}`, one)).toBe(true);
    expect(isOneOf(`sha256:${text}`, other)).toBe(false);
  }
});

describe('a notation', () => {
  test.each([
    ...[
      '',
      'alice',
      '/O=Example/CN=alice',
      'CN',
      'CN=',
      'CN=a,',
      'CN=a,,O=b',
      'CN="a"',
      'CN=a;O=b',
      'CN=a\\',
    ],
    ...[
      'CN=#0401',
      'CN=\ufffd',
      'CM=alice',
      'CN=\\ff',
      'CN=a\nb',
      'CN=a+',
      '=a',
      'sha256:',
      'sha256:AB:CD',
      'SHA256:00',
    ],
    ...['san:', 'san:dns:', 'san:dns:*.example', 'san:dns:a..b', 'san:dns:é', 'san:ip:localhost'],
    ...['san:ip:10.0.0.0/8', 'san:ip:127.1', 'san:email:a', 'san:uri:x', 'san:DNS:a', 'san:name:a'],
    ...[`sha256:${'0'.repeat(63)}`, `sha256:${'00:'.repeat(32)}`, `sha256:0:${'0'.repeat(63)}`],
  ])('like %j is none', (text) => {
    expect(parseClientNotation(text)).toHaveProperty('reason');
  });

  test('of more than 1,024 characters is none', () => {
    expect(parseClientNotation(`CN=${'a'.repeat(1021)}`)).toHaveProperty('key');
    expect(parseClientNotation(`CN=${'a'.repeat(1022)}`)).toHaveProperty('reason');
  });
});
