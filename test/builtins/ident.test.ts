import { describe, expect, test } from 'vitest';
import { talkIdent } from '../../src/builtins/ident.ts';
import type { IdentPolicy } from '../../src/model/builtin.ts';
import type { OwnedConnection, Owner } from '../../src/model/owner.ts';
import { endpoint } from '../admission/example-facts.ts';

const POLICY: IdentPolicy = {
  ...{
    fallback: undefined,
    isRandom: false,
    isNumeric: false,
    isReal: false,
    fakeid: 'none',
    noident: false,
  },
  ...{ os: 'UNIX', timeoutMs: 10_000 },
};

function say(text: string, options: Partial<IdentPolicy> & { readonly owner?: Owner } = {}) {
  const { owner = { kind: 'failed' }, ...policy } = options;
  const asked: OwnedConnection[] = [];
  const place = {
    connection: { local: endpoint('192.0.2.1', 113), peer: endpoint('192.0.2.7', 40_000) },
    findOwner: (ends: OwnedConnection, callback: (owner: Owner) => void) => {
      asked.push(ends);
      callback(owner);
    },
    wake: () => {},
  };
  const world = { wallMs: () => 0, roll: () => 0, secret: () => Uint32Array.of(0xc0c9, 0x93ff_ffff) };
  const talk = talkIdent({ ...POLICY, ...policy }, { world, place });
  for (const piece of text.match(/.{1,7}/gs) ?? []) talk.take(Buffer.from(piece, 'latin1'));
  const said = talk.next();
  const reply = typeof said === 'string' ? said : Buffer.from(said).toString();
  return { reply, afterwards: typeof said === 'string' ? undefined : talk.next(), asked };
}

const replyTo = (...args: Parameters<typeof say>) => say(...args).reply;

describe('ident says, as RFC 1413 has it,', () => {
  test('nothing until a line has ended, and one line for it', () => {
    expect(replyTo('6193, 23')).toBe('listen');
    expect(say('6193, 23\r\n')).toMatchObject({
      reply: '6193 , 23 : ERROR : UNKNOWN-ERROR\r\n',
      afterwards: 'end',
    });
    expect(replyTo(' 6193\t,23 \n')).toBe('6193 , 23 : ERROR : UNKNOWN-ERROR\r\n');
  });

  test.each([
    '0, 23',
    '1, 0',
    '65536, 1',
    '1, 99999',
    '-1, 1',
    '1',
    '',
    'a, b',
    '1, 2, 3',
    '1;2',
    '0x1, 2',
    '１, 2',
  ])('INVALID-PORT to "%s"', (line) => {
    expect(replyTo(`${line}\r\n`)).toBe('0 , 0 : ERROR : INVALID-PORT\r\n');
  });

  test('INVALID-PORT once a line has 1,000 characters, whether it ends or not (S17)', () => {
    expect(replyTo(`${' '.repeat(992)}1, 2`)).toBe('listen');
    expect(replyTo(`${' '.repeat(994)}1, 2\r\n`)).toBe('1 , 2 : ERROR : UNKNOWN-ERROR\r\n');
    expect(replyTo(' '.repeat(1001))).toBe('0 , 0 : ERROR : INVALID-PORT\r\n');
  });

  test('the fallback of everybody, unless real users are looked up (FreeBSD -d)', () => {
    expect(replyTo('1, 2\r\n', { fallback: 'joe', os: 'OTHER' })).toBe('1 , 2 : USERID : OTHER : joe\r\n');
  });

  test('a random token whatever else is set (FreeBSD -g)', () => {
    const policy = { isRandom: true, isReal: true, fallback: 'joe' };
    expect(say('1, 2\r\n', policy)).toMatchObject({
      reply: '1 , 2 : USERID : UNIX : 0000c0c993ffffff\r\n',
      asked: [],
    });
  });

  test('the real user, who is asked for by both ends (FreeBSD -r)', () => {
    const owner: Owner = { kind: 'user', name: 'anna' };
    const { reply, asked } = say('22, 4000\r\n', { isReal: true, fallback: 'joe', owner });
    expect(reply).toBe('22 , 4000 : USERID : UNIX : anna\r\n');
    expect(asked).toEqual([{ local: endpoint('192.0.2.1', 22), peer: endpoint('192.0.2.7', 4000) }]);
  });

  test.each([
    ['none', 'NO-USER'],
    ['failed', 'UNKNOWN-ERROR'],
    ['hidden', 'HIDDEN-USER'],
  ] as const)('of one who is %s %s, or the fallback, which is not for those who hide', (kind, error) => {
    expect(replyTo('1, 2\r\n', { isReal: true, owner: { kind } })).toBe(`1 , 2 : ERROR : ${error}\r\n`);
    const withFallback = replyTo('1, 2\r\n', { isReal: true, fallback: 'joe', owner: { kind } });
    expect(withFallback).toBe(
      kind === 'hidden' ? `1 , 2 : ERROR : ${error}\r\n` : '1 , 2 : USERID : UNIX : joe\r\n',
    );
  });
});
