import { expect, test } from 'vitest';
import type { Client } from '../../src/launch/client.ts';
import { ENVIRONMENT_BYTES, EnvironmentText } from '../../src/launch/environment-text.ts';
import { EnvironmentPlan } from '../../src/launch/plan-environment.ts';
import { PEER_ENV_SETS, type PeerEnvSet } from '../../src/model/peer-env.ts';
import { PEER_NAMES } from '../../src/model/peer-names.ts';
import { endpoint } from '../admission/example-facts.ts';
import { toldOf } from './told-values.ts';

function environmentText(told: Client, sets: readonly PeerEnvSet[]): string {
  const text = new EnvironmentText();
  const length = text.write({ client: told, plan: new EnvironmentPlan(sets) });
  return Buffer.from(text.bytes.subarray(0, length)).toString('latin1');
}

const text = 'x'.repeat(255);
const tls = {
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  serverName: text,
  certificateHash: text,
};
const client: Client = {
  ...{ peer: endpoint('2001:db8::7', 40_000), local: endpoint('2001:db8::1', 7000), isDatagram: false },
  ...{ isWaiting: false, id: Number.MAX_SAFE_INTEGER, ofSource: 50_000 },
  destination: endpoint('2001:db8:1234:5678:9abc:def0:1234:5678', 65_535),
  tls: { ...tls, certificateSubject: text },
};

test('the environment of a connection is written as in /proc/PID/environ', () => {
  const peer = endpoint('192.0.2.7', 40_000);
  const known: Client = { ...client, peer, id: 42, tls: undefined, destination: undefined };
  expect(environmentText(known, ['cgi', 'zinetd'])).toBe(
    'REMOTE_ADDR=192.0.2.7\0REMOTE_PORT=40000\0ZINETD_CONNECTION_ID=42\0',
  );
  expect(environmentText(known, [])).toBe('');
});

test('it has what a handler of its own would be told, and fits into a packet however much that is', () => {
  const told = environmentText(client, PEER_ENV_SETS);
  const planned = toldOf(client, PEER_ENV_SETS).map(([number, value]) => `${PEER_NAMES[number]}=${value}`);
  expect(told.split('\0').slice(0, -1).sort()).toEqual([...planned].sort());
  expect(told.length).toBeLessThan(ENVIRONMENT_BYTES / 1.5);
});

test('nothing in it is what a client has made up of other bytes, or more of them, than are to be told (S30)', () => {
  for (const serverName of ['a\0REMOTE_ADDR=192.0.2.1', 'a\n', `${text}x`, '\u00fc']) {
    const told = environmentText({ ...client, tls: { ...tls, serverName, certificateSubject: 'CN=x' } }, [
      'tls',
    ]);
    expect(told).not.toContain('SSL_TLS_SNI_SERVERNAME');
    expect(told).toContain('SSL_PEER_CERT_SUBJECT=CN=x\0');
  }
});
