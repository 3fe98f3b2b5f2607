import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../src/model/address.ts';
import { lookUpName, type NameServices } from '../../src/resolver/lookup.ts';

function failing(code: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(code), { code }));
}

function services(changes: Partial<NameServices>): NameServices {
  return { nameOf: async () => 'a.example', addressesOf: async () => ['192.0.2.1'], ...changes };
}

const bytes = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);

describe('a look-up', () => {
  test('tells a name server that fails from one that knows of nothing (S41)', async () => {
    const none = { kind: 'unknown', why: 'none' };
    const failed = { kind: 'unknown', why: 'failed' };
    const reverse = (code: string) => lookUpName('192.0.2.1', services({ nameOf: () => failing(code) }));
    expect(await reverse('ENOTFOUND')).toEqual(none);
    for (const code of ['EAI_AGAIN', 'EAI_FAIL', 'ENOMEM']) expect(await reverse(code)).toEqual(failed);
    const forward = (code: string) => lookUpName('192.0.2.1', services({ addressesOf: () => failing(code) }));
    for (const code of ['ENOTFOUND', 'EINVAL']) {
      expect(await forward(code)).toEqual({ kind: 'paranoid', name: 'a.example' });
    }
    for (const code of ['EAI_AGAIN', 'EAI_FAIL']) expect(await forward(code)).toEqual(failed);
  });

  test('asks nothing about a text that is no address', async () => {
    const asked = services({ nameOf: () => expect.fail('asked') });
    for (const text of ['', 'a.example', '127.1', '010.0.0.1', 'fe80::1%lo']) {
      expect(await lookUpName(text, asked)).toEqual({ kind: 'unknown', why: 'invalid' });
    }
  });

  test('knows a name exactly when the address is among those of the name (S42)', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.array(bytes, { maxLength: 20 }),
        fc.boolean(),
        async (own, others, isThere) => {
          const text = formatAddress(own);
          const given = others.map((it) => formatAddress(it)).filter((it) => it !== text);
          const addresses = isThere ? [...given, text] : given;
          const name = await lookUpName(text, services({ addressesOf: async () => addresses }));
          expect(name).toEqual({ kind: isThere ? 'known' : 'paranoid', name: 'a.example' });
        },
      ),
    );
  });
});
