import { connect } from './client.ts';
import type { Zinetd } from './start-zinetd.ts';

/** How a connection to the fixture `sleeper` ends: by its client, or with its handler. */
export type Fate = 'end' | 'kill' | 'reset' | 'reset early';

/** One connection to the service `it`, from its beginning to that end; one that is refused just ends. */
export async function live(
  zinetd: Zinetd,
  fate: Fate,
  options: { readonly from?: string } = {},
): Promise<void> {
  const client = await connect(zinetd.port('it'), options);
  if (fate === 'reset early') return client.reset();
  const answer = await client.readUntil('\n').catch(() => undefined);
  if (answer === undefined) return;
  if (fate === 'kill') process.kill(Number(answer), 'SIGKILL');
  if (fate === 'reset') client.reset();
  if (fate === 'end') client.halfClose();
  await client.ended();
}
