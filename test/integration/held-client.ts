import { expect } from 'vitest';
import { type Client, connect } from '../harness/client.ts';

/** A client of an echo that has a handler, and stays. */
export async function hold(port: number): Promise<Client> {
  const client = await connect(port);
  client.send('before ');
  await client.readUntil('before ');
  return client;
}

/** Whatever happened meanwhile, it is served to its end. */
export async function goesOn(client: Client): Promise<void> {
  client.send('after');
  client.halfClose();
  expect(await client.readAll()).toBe('before after');
}
