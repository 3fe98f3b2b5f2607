import { readFileSync } from 'node:fs';
import { type Duplex, duplexPair } from 'node:stream';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TlsCertificate } from '../../src/model/tls-policy.ts';
import type { SocketStream } from '../../src/relay/socket-stream.ts';
import { TlsContexts } from '../../src/relay/tls-contexts.ts';
import { type HandshakeOutcome, TlsHandshake } from '../../src/relay/tls-handshake.ts';
import { FakeWorld } from '../dispatcher/fake-world.ts';
import { makePair } from '../harness/certificates.ts';
import { scratch } from '../harness/scratch.ts';
import { tlsPolicyOf } from './tls-policy-of.ts';

const BAD = { certificate: 'none', key: 'none' };
let good: TlsCertificate;

beforeAll(() => {
  const { certificate, key } = makePair(scratch('handshake'), { name: 'localhost' });
  good = { certificate: readFileSync(certificate, 'latin1'), key: readFileSync(key, 'latin1') };
});

/** A handshake in a world whose clock a test moves. */
class PlayedHandshake {
  readonly world: FakeWorld = new FakeWorld();
  readonly stream: SocketStream;
  readonly client: Duplex;
  readonly outcome: Promise<HandshakeOutcome>;

  constructor() {
    const [stream, client] = duplexPair();
    this.stream = stream as SocketStream;
    this.client = client;
    const policy = tlsPolicyOf(good, { 'bad.example': BAD });
    const contexts = new TlsContexts(policy);
    this.outcome = new Promise((onOutcome) => {
      new TlsHandshake({ stream: this.stream, policy, contexts, after: this.world.after, onOutcome });
    });
  }
}

describe('a client', () => {
  test('whose host has a certificate that OpenSSL does not take fails, and that is all (S8)', async () => {
    const { stream, client, outcome } = new PlayedHandshake();
    connect({ socket: client, servername: 'bad.example' }).on('error', () => {});
    expect(await outcome).toEqual({ kind: 'failed', code: expect.any(String) });
    expect(stream.destroyed).toBe(true);
  });

  test('who says nothing is let go of at the deadline (S8, S79)', async () => {
    const { world, stream, outcome } = new PlayedHandshake();
    world.pass(5000);
    expect(await outcome).toEqual({ kind: 'failed', code: 'handshake_timeout' });
    expect(stream.destroyed).toBe(true);
  });
});
