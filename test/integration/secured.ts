import { makePair, type Pair } from '../harness/certificates.ts';
import { ask, type Client, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};

/** Node's loop opens a descriptor of its own for the first of all streams, and keeps it. */
export async function warmUp(zinetd: Zinetd): Promise<void> {
  await ask(zinetd.port('it'), 'no TLS');
  await zinetd.event(({ event }) => event === 'failed' || event === 'refused');
  await zinetd.settled();
}

/** A daemon whose service `it` speaks TLS, as `localhost` unless it says otherwise. */
export class Secured {
  readonly directory: string = scratch('tls');
  readonly own: Pair = makePair(this.directory, { name: 'localhost' });
  readonly ca: string = this.own.certificate;

  async start(
    tls: Readonly<Record<string, unknown>> = {},
    service: Readonly<Record<string, unknown>> = { server: handler('echo') },
    options: Partial<StartOptions> = {},
  ): Promise<Zinetd> {
    const it = this.service(tls, service);
    const zinetd = await startZinetd({ config: { services: { it } }, ...options });
    await warmUp(zinetd);
    return zinetd;
  }

  /** The service alone. */
  service(
    tls: Readonly<Record<string, unknown>>,
    service: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    const handled = 'server' in service ? user : {};
    return { listen, ...handled, ...service, tls: { ...this.own, ...tls } };
  }

  /** Somebody who has a place in a handshake, and says nothing. */
  async silent(zinetd: Zinetd): Promise<Client> {
    const client = await connect(zinetd.port('it'));
    // Whoever comes later is taken later.
    await ask(zinetd.port('it'), 'no TLS');
    await zinetd.event('failed');
    return client;
  }

  /** What openssl(1) says as a client; it says nothing itself. */
  async client(zinetd: Zinetd, ...args: readonly string[]): Promise<string> {
    const common = ['-connect', `127.0.0.1:${zinetd.port('it')}`, '-CAfile', this.ca];
    const { stdout, stderr } = await runProgram(['openssl', 's_client', ...common, ...args]);
    return stdout + stderr;
  }
}
