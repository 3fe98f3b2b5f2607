import { describe, expect, test } from 'vitest';
import { rulesOfText, serviceWith } from './rules-of-text.ts';

function access(text: string, codes: readonly string[] = []) {
  const { access: found, diagnostics } = rulesOfText(text);
  expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  return found;
}

function problems(text: string) {
  const { rules, places } = rulesOfText(text);
  return { places, isRead: rules !== undefined };
}

describe('rules about addresses alone', () => {
  test('become access lists', () => {
    expect(access('127.:allow\n10.2-3.:allow\n192.0.2.5:allow\n:deny\n')).toEqual({
      only_from: ['192.0.2.5', '10.2.0.0-10.3.255.255', '127.0.0.0/8'],
    });
    expect(access('1.2.3.37-53:deny\n')).toEqual({ no_access: ['1.2.3.37-1.2.3.53'] });
  });

  test('serve everybody where no rule says otherwise, as tcpserver does, and nobody where one for all refuses', () => {
    expect(access('# nothing\n\n')).toEqual({});
    expect(access(':allow\n')).toEqual({});
    expect(access(':deny\n')).toEqual({ only_from: [] });
  });

  test('are written with their lengths where it matters which one is the more specific', () => {
    expect(access('10.:deny\n10.1.:allow\n10.1.0.0:deny\n')).toEqual({
      only_from: ['10.1.0.0/16', '0.0.0.0/0', '::/0'],
      no_access: ['10.1.0.0/32', '10.0.0.0/8'],
    });
  });

  test('of IPv6 are those whose text the server compares', () => {
    expect(access('2001:db8::1:deny\nfe80:deny\n', ['tcprules/never-matches'])).toEqual({
      no_access: ['2001:db8::1'],
    });
    expect(access('2001:db8::deny\n')).toEqual({ no_access: ['2001:db8::/32'] });
    for (const key of ['2001:db8', '2001:db8::', '2001:DB8::1', '2001:0db8:', '[::1]']) {
      expect(access(`${key}:deny\n`, ['tcprules/address'])).toBeUndefined();
    }
  });
});

describe('rules that say more', () => {
  test('become rules in the order of the look-up, with what handlers are told', () => {
    expect(
      access('127.:allow,RELAYCLIENT=""\n1.2.3.4:deny\n10.:allow,RELAYCLIENT=""\n:allow,A="x:y 50%"\n'),
    ).toEqual({
      hosts_access: {
        allow: [
          'ALL : 1.2.3.4 : deny',
          'ALL : 127.0.0.0/8 10.0.0.0/8 : setenv RELAYCLIENT : allow',
          'ALL : ALL : setenv A x\\:y 50%% : allow',
        ],
        deny: [],
      },
    });
  });

  test('refuse by name whoever has a name that does not lead back, so that nobody gets in who did not (S42)', () => {
    const { entries, access: found } = rulesOfText('=.evil.example:deny\n10.:allow\n:allow\n');
    expect(found).toMatchObject({
      hosts_access: {
        allow: [
          'ALL : 10.0.0.0/8 : allow',
          'ALL : PARANOID : deny',
          'ALL : .evil.example : deny',
          'ALL : ALL : allow',
        ],
      },
    });
    const ask = serviceWith(entries);
    expect(ask({ address: '192.0.2.1', name: { kind: 'paranoid', name: 'x.evil.example' } }).verdict).toBe(
      'refused',
    );
    expect(ask({ address: '192.0.2.1', name: { kind: 'unknown', why: 'none' } }).verdict).toBe('admitted');
    expect(ask({ address: '10.0.0.1', name: { kind: 'paranoid', name: 'x.evil.example' } }).verdict).toBe(
      'admitted',
    );
  });

  test('leave it at that with a server that confirms names itself', () => {
    const { access: found } = rulesOfText('=.evil.example:deny\n', { confirmsNames: true });
    expect(JSON.stringify(found)).not.toContain('PARANOID');
  });
});

describe('what cannot be meant as it is written', () => {
  test.each([
    ['10.:reject\n', '1:1 tcprules/syntax'],
    ['10.:allow RELAYCLIENT=""\n', '1:1 tcprules/syntax'],
    ['10.:allow,RELAYCLIENT\n', '1:1 tcprules/syntax'],
    ['10.:allow,A="x\n', '1:1 tcprules/syntax'],
    ['10.:deny\r\n', '1:9 tcprules/syntax'],
    ['joe@10.0.0.1:deny\n', '1:1 tcprules/ident'],
    ['10.0.0.0/8:deny\n', '1:1 tcprules/address'],
    ['1.2.3.a-b:deny\n', '1:1 tcprules/address'],
    ['10.:allow,A-B="x"\n', '1:1 tcprules/variable'],
    ['10.:allow,A=" x"\n', '1:1 tcprules/variable'],
    ['10.:allow,MAXCONNIP="0"\n', '1:1 tcprules/limit'],
    ['# courier\n127.0.0.1\tallow,RELAYCLIENT\n', '2:1 tcprules/not-tcprules'],
  ])('%j is an error at its place, and no rule of the file is taken (promise 8)', (text, place) => {
    expect(problems(`${text}:allow\n`)).toEqual({ places: [place], isRead: false });
  });

  test.each([
    ['10.2:deny\n', '1:1 tcprules/never-matches'],
    ['300.:deny\n', '1:1 tcprules/never-matches'],
    [' 10.:deny\n', '1:1 tcprules/never-matches'],
    ['1.2.3.9-5:deny\n', '1:1 tcprules/never-matches'],
    ['no colon\n', '1:1 tcprules/skipped'],
    ['10.:deny,A="x"\n', '1:1 tcprules/ignored'],
    ['10.:allow\n10.:deny\n', '2:1 tcprules/duplicate'],
    ['10.:allow,MAXLOAD="200"\n', '1:1 tcprules/patch'],
  ])('%j is what tcpserver makes of it, with a warning', (text, place) => {
    expect(problems(text)).toEqual({ places: [place], isRead: true });
  });

  test('is on account, line by line', () => {
    const { accounts } = rulesOfText('# one\n# two\n\n10.:allow\nno colon\n:deny');
    expect(accounts.map(({ line, lastLine, kind }) => [line, lastLine, kind])).toEqual([
      [1, 2, 'comment'],
      [3, 3, 'blank'],
      [4, 4, 'service'],
      [5, 5, 'problem'],
      [6, 6, 'service'],
    ]);
  });
});
