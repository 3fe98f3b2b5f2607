import { describe, expect, test } from 'vitest';
import { policyOf } from '../../src/compile/policy.ts';
import { printResolution } from '../../src/config/print.ts';
import { trustsProxy } from '../../src/dispatcher/trusts-proxy.ts';
import { parseAddress } from '../../src/model/address.ts';
import { unixPeerBytes } from '../../src/model/local-peer.ts';
import { codes, loadService, loadText, oneService } from './load-text.ts';

const from = ['192.0.2.5'];

function messagesOf(attributes: Readonly<Record<string, unknown>>): readonly string[] {
  return loadText(oneService(attributes)).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

function documentOf(service: object, defaults: object = { proxy_protocol: { from } }): string {
  const whole = { listen: 'tcp://127.0.0.1:0', server: '/bin/true', user: 'nobody', ...service };
  return JSON.stringify({ version: 1, defaults, services: { s: whole } });
}

describe('proxy_protocol', () => {
  test('names proxies as access lists name clients, and has three seconds unless it says otherwise', () => {
    const { proxy } = loadService({ proxy_protocol: { from: ['192.0.2.5', '2001:db8::/64'] } });
    expect(proxy).toMatchObject({ timeoutMs: 3000 });
    expect(proxy?.from.prefixes[0]?.list).toMatchObject({ v4: { count: 1 }, v6: { count: 1 } });
    expect(loadService({ proxy_protocol: { from, timeout: '500ms' } }).proxy?.timeoutMs).toBe(500);
    expect(loadService({}).proxy).toBeUndefined();
    expect(loadService({ proxy_protocol: false }).proxy).toBeUndefined();
  });

  test('trusts those that it names and nobody else (S57)', () => {
    const { config } = loadText(oneService({ proxy_protocol: { from: ['192.0.2.0-192.0.2.9', 'uid:110'] } }));
    const [service] = config ? policyOf(config).services : [];
    const trusts = (bytes: Uint8Array = new Uint8Array(4)) =>
      service && trustsProxy(service, { family: bytes.length === 4 ? 4 : 6, bytes, port: 1, scopeId: 0 });
    expect(trusts(parseAddress('192.0.2.9'))).toBe(true);
    expect(trusts(parseAddress('192.0.2.10'))).toBe(false);
    expect(trusts(parseAddress('::1'))).toBe(false);
    expect(trusts(unixPeerBytes({ uid: 110, gid: 1, pid: 1 }))).toBe(true);
    expect(trusts(unixPeerBytes({ uid: 0, gid: 1, pid: 1 }))).toBe(false);
  });

  test.each([
    [true, 'config/wrong-type'],
    [{}, 'config/missing-key'],
    [{ timeout: '3s' }, 'config/missing-key'],
    [{ from: [] }, 'config/invalid-value'],
    [{ from: '192.0.2.5' }, 'config/wrong-type'],
    [{ from, timeout: '0s' }, 'config/invalid-value'],
    [{ from, timeout: '2d' }, 'config/invalid-value'],
    [{ from, trust: true }, 'config/unknown-key'],
    [{ from: ['0.0.0.0/0'] }, 'config/invalid-value'],
    [{ from: ['::/0'] }, 'config/invalid-value'],
    [{ from: ['0.0.0.0'] }, 'config/invalid-value'],
    [{ from: ['0.0.0.0-255.255.255.255'] }, 'config/invalid-value'],
    [{ from: ['192.0.2.5', 'proxy.example'] }, 'config/invalid-value'],
    [{ from: ['.example'] }, 'config/invalid-value'],
    [{ from: ['loopback'] }, 'config/invalid-value'],
    [{ from: ['file:/etc/proxies'] }, 'config/invalid-value'],
    [{ from: ['ALL'] }, 'config/invalid-value'],
  ])('is refused as %j (S57)', (written, code) => {
    expect(codes(loadText(oneService({ proxy_protocol: written })))).toEqual([code]);
  });

  test('says what is wrong with everybody, and what to write (S57)', () => {
    const [diagnostic] = loadText(oneService({ proxy_protocol: { from: ['0.0.0.0/0'] } })).diagnostics;
    expect(diagnostic?.message).toBe(
      'Cannot use "0.0.0.0/0" for "proxy_protocol.from" in service "s": a header would be believed of everybody',
    );
    expect(diagnostic?.help).toBe('write the addresses of the proxies alone');
  });

  test.each([
    [{ listen: 'udp://127.0.0.1:0' }, 'datagrams have no header'],
    [{ listen: 'tcpmux://+s' }, 'who comes to it by tcpmux or SNI is known already'],
    [{ wait: true }, 'with "wait" its handler accepts, and would have to read the header'],
    [{ listen: 'unix-seqpacket:///run/s' }, 'packets have borders, which a header does not keep'],
    [
      { id_only: true },
      'with "id_only" clients are asked who they are, which they cannot say through a proxy',
    ],
  ])('is no setting of a service with %j', (attributes, reason) => {
    const message = `config/conflict: Cannot use "proxy_protocol" in service "s": ${reason}`;
    expect(messagesOf({ ...attributes, proxy_protocol: { from } })).toContain(message);
  });

  test('of "defaults" is for streams: nothing to datagrams, and a mistake where the handler accepts', () => {
    expect(loadText(documentOf({})).config?.services[0]?.proxy).toBeDefined();
    expect(loadText(documentOf({ proxy_protocol: false })).config?.services[0]?.proxy).toBeUndefined();
    const datagrams = loadText(documentOf({ listen: 'udp://127.0.0.1:0', wait: true }));
    expect(datagrams.config?.services[0]?.proxy).toBeUndefined();
    expect(codes(loadText(documentOf({ wait: true })))).toEqual(['config/conflict']);
    expect(codes(loadText(documentOf({ wait: true, proxy_protocol: false })))).toEqual([]);
  });

  test('is printed so that it loads to the same', () => {
    for (const service of [
      {},
      { listen: ['udp://127.0.0.1:0', 'tcp://127.0.0.1:0'] },
      { listen: 'udp://127.0.0.1:0' },
    ]) {
      const { config, resolved } = loadText(documentOf(service));
      const again = loadText(resolved ? printResolution(resolved) : '');
      expect(codes(again)).toEqual([]);
      expect(again.config?.services[0]?.proxy?.timeoutMs).toEqual(config?.services[0]?.proxy?.timeoutMs);
    }
  });
});
