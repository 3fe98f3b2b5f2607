import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

export type Settings = Readonly<Record<string, unknown>>;
export type Services = Readonly<Record<string, Settings>>;

/** A service that sends back what it gets, and needs no more than where it listens. */
export function echoAt(listen: number | string, settings: Settings = {}): Settings {
  const user = isRoot ? { user: 'nobody' } : {};
  const place = typeof listen === 'number' ? `tcp://127.0.0.1:${listen}` : listen;
  return { listen: place, server: handler('echo'), ...user, ...settings };
}

/** zinetd with services that can be written anew. */
export class ReloadRun {
  readonly zinetd: Zinetd;
  readonly file: ServicesFile;

  private constructor(zinetd: Zinetd, file: ServicesFile) {
    this.zinetd = zinetd;
    this.file = file;
  }

  static async of(services: Services, options: Partial<StartOptions> = {}): Promise<ReloadRun> {
    const file = new ServicesFile(services);
    return new ReloadRun(await startZinetd({ config: file.config, ...options }), file);
  }

  async reload(services: Services): Promise<LogRecord> {
    this.file.write(services);
    this.zinetd.signal('SIGHUP');
    const outcome = await this.zinetd.event(({ event }) => event === 'reloaded' || event === 'reload-failed');
    if (outcome.event === 'reload-failed') throw new Error(`Cannot reload: ${outcome['message']}`);
    return outcome;
  }

  /** The services cannot be had; gives what the log says. */
  async reloadBadly(services: Services): Promise<LogRecord> {
    this.file.write(services);
    this.zinetd.signal('SIGHUP');
    return this.zinetd.event('reload-failed');
  }
}
