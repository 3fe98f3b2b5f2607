import { describe, expect, test } from 'vitest';
import { readTcprules } from '../../../src/convert/tcprules/read-tcprules.ts';
import { convertPaths, filesIn } from '../convert-paths.ts';

function convert(files: Parameters<typeof filesIn>[0]) {
  return convertPaths(readTcprules, filesIn(files), ['peers']);
}

describe('instructions of ipsvd', () => {
  test('are rules by address, then by name, then for all, with what handlers are told', () => {
    const found = convert({
      'peers/10.1.2.3': ['', 0o000],
      'peers/10.1': '# ours\n\n+A=b c\n+B=\n',
      'peers/mail.example': '',
      'peers/0': ['', 0o000],
    });
    expect(found.disabledServices).toEqual({
      peers: {
        enabled: false,
        hosts_access: {
          allow: [
            'ALL : 10.1.2.3 : deny',
            'ALL : 10.1.0.0/16 : setenv A b c : setenv B : allow',
            'ALL : mail.example : allow',
            'ALL : .mail.example : allow',
            'ALL : ALL : deny',
          ],
          deny: [],
        },
      },
    });
    expect(found.codes).toEqual(['tcprules/no-services', 'tcprules/names']);
    expect(found.lines).toContain('peers/10.1:1-1 comment');
    expect(found.lines).toContain('peers/10.1:3-3 disabled peers');
  });

  test.each([
    ['C3:busy', 0o644],
    ['=dyn.example', 0o644],
    ['exec /bin/cat', 0o744],
  ])('%j is refused: without it a client would get more (promise 6)', (text, mode) => {
    const found = convert({ 'peers/10.1': [`${text}\n`, mode] });
    expect(found.codes).toEqual(['tcprules/not-supported']);
    expect(found.disabledServices).toEqual({});
  });

  test('that tcpsvd passes over are told', () => {
    const found = convert({ 'peers/10': '-x\n+A\n', 'peers/10.300': '' });
    expect(found.codes.filter((code) => code !== 'tcprules/no-services')).toEqual([
      ...['tcprules/skipped', 'tcprules/no-counterpart', 'tcprules/never-matches'],
    ]);
  });
});

describe('rules of s6', () => {
  test('refuse whom they do not name, and go on where a directory says nothing', () => {
    const found = convert({
      'peers/ip4/10.0.0.0_8/allow': '',
      'peers/ip4/10.0.0.0_8/env/K': 'v\n',
      'peers/ip4/10.1.0.0_16/deny': '',
      'peers/ip4/10.2.0.0_16/nothing': '',
      'peers/ip6/2001:db8::_32/allow': '',
      'peers/reversedns/@/deny': '',
    });
    expect(found.disabledServices).toEqual({
      peers: {
        enabled: false,
        hosts_access: {
          allow: [
            'ALL : [2001:db8::]/32 : allow',
            'ALL : 10.1.0.0/16 : deny',
            'ALL : 10.0.0.0/8 : setenv K v : allow',
            'ALL : PARANOID : deny',
            'ALL : KNOWN : deny',
          ],
          deny: ['ALL : ALL'],
        },
      },
    });
  });

  test('that start another command are refused', () => {
    const found = convert({ 'peers/ip4/10.0.0.0_8/allow': '', 'peers/ip4/10.0.0.0_8/exec': 'cat' });
    expect(found.codes).toEqual(['tcprules/not-supported']);
    expect(found.disabledServices).toEqual({});
  });
});
