import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isMet } from '../../bench/load/duel.mjs';
import { loadDuel } from '../harness/load-duel.ts';

const VICTIM = '127.90.0.1';
const SECONDS = 2;

async function portOf(serve: (socket: Socket, isVictim: boolean) => void): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    serve(socket, socket.remoteAddress === VICTIM);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('A duel of abusers and a victim', () => {
  test('is met by a server that turns the abuser away and serves the victim (B3)', async () => {
    const abusers = new Set<string | undefined>();
    const port = await portOf((socket, isVictim) => {
      if (!isVictim) abusers.add(socket.remoteAddress);
      socket.end(isVictim ? 'ok\n' : '');
    });
    const duel = await loadDuel(port, { abusers: 'one', seconds: SECONDS });
    expect(duel.victim).toMatchObject({ scheduled: 20, served: 20, share: 1 });
    expect(duel.victim.p50Ms).toBeLessThanOrEqual(duel.victim.p99Ms);
    expect(duel.abusers.served).toBe(0);
    expect(duel.abusers.turnedAway).toBeGreaterThan(1000);
    expect(abusers.size).toBe(1);
    expect(isMet({ ...duel, victim: { ...duel.victim, p99Ms: 50 } })).toBe(true);
    expect(isMet({ ...duel, victim: { ...duel.victim, p99Ms: 50.1 } })).toBe(false);
  });

  test('is lost by a server that serves the abusers and not the victim (B4)', async () => {
    const abusers = new Set<string | undefined>();
    const port = await portOf((socket, isVictim) => {
      if (!isVictim) abusers.add(socket.remoteAddress);
      socket.end(isVictim ? '' : 'ok\n');
    });
    const duel = await loadDuel(port, { abusers: 'many', seconds: SECONDS });
    expect(duel.victim).toMatchObject({ served: 0, share: 0, errors: { noData: 20 } });
    expect(duel.abusers.served).toBeGreaterThan(1000);
    expect(abusers.size).toBeGreaterThan(1000);
    expect(isMet(duel)).toBe(false);
  });
});
