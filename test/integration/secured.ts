import { makePair, type Pair } from '../harness/certificates.ts';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};

/** A daemon whose service `it` speaks TLS, as `localhost` unless it says otherwise. */
export class Secured {
  readonly directory: string = scratch('tls');
  readonly own: Pair = makePair(this.directory, { name: 'localhost' });
  readonly ca: string = this.own.certificate;

  async start(
    tls: Readonly<Record<string, unknown>> = {},
    service: Readonly<Record<string, unknown>> = { server: handler('echo') },
  ): Promise<Zinetd> {
    const handled = 'server' in service ? user : {};
    const it = { listen, ...handled, ...service, tls: { ...this.own, ...tls } };
    const zinetd = await startZinetd({ config: { services: { it } } });
    // Node's loop opens a descriptor of its own for the first of all streams, and keeps it.
    await ask(zinetd.port('it'), 'no TLS');
    await zinetd.event(({ event }) => event === 'failed' || event === 'refused');
    await zinetd.settled();
    return zinetd;
  }

  /** What openssl(1) says as a client; it says nothing itself. */
  async client(zinetd: Zinetd, ...args: readonly string[]): Promise<string> {
    const common = ['-connect', `127.0.0.1:${zinetd.port('it')}`, '-CAfile', this.ca];
    const { stdout, stderr } = await runProgram(['openssl', 's_client', ...common, ...args]);
    return stdout + stderr;
  }
}
