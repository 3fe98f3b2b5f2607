import { type Client, connect } from '../harness/client.ts';
import { type Load, type LoadOptions, loadgen } from '../harness/loadgen.ts';

/** A client of an echo that has been served, and stays. */
export async function hold(port: number): Promise<Client> {
  const client = await connect(port);
  client.send('0 ');
  await client.readUntil('0 ');
  return client;
}

/** Connections come at the same rate until the function that this gives is called, which gives what became of them. */
export function loadOn(port: number, load: LoadOptions): () => Promise<readonly Load[]> {
  let isOver = false;
  const rounds = (async () => {
    const loads: Load[] = [];
    while (!isOver) loads.push(await loadgen(port, load));
    return loads;
  })();
  return () => {
    isOver = true;
    return rounds;
  };
}
