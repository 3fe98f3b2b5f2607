import { createConnection } from 'node:net';

/** One request on a socket of its own: the answer, or undefined where none comes. */
export function askControl(
  path: string,
  method: string,
  options: { readonly timeoutMs: number },
): Promise<{ readonly result?: { readonly outcome?: string } } | undefined> {
  const socket = createConnection({ path });
  let text = '';
  return new Promise((done) => {
    const finish = (answer?: object): void => {
      clearTimeout(timer);
      socket.destroy();
      done(answer);
    };
    const timer = setTimeout(finish, options.timeoutMs);
    socket.on('error', () => finish()).on('close', () => finish());
    socket.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      const last = text.split('\n').find((line) => line.includes('"result"') || line.includes('"error"'));
      if (text.endsWith('\n') && last !== undefined) finish(JSON.parse(last) as object);
    });
    socket.write(`${JSON.stringify({ zinetd: 1, id: 1, method, params: {} })}\n`);
  });
}
