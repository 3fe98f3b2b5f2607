import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Place } from './open-place.ts';
import { childrenOf } from './processes.ts';
import { runProgram } from './run-program.ts';
import { scratch } from './scratch.ts';
import { STAND_IN, startStandIn } from './stand-in.ts';
import { startZinetd, type Zinetd } from './start-zinetd.ts';
import { until } from './until.ts';
import { zinetdCommand } from './zinetd-command.ts';

const DEBIAN = 'debian';

/** What becomes of an inetd.conf: both must serve alike. */
export type Way = 'run as it is' | 'converted';

export const WAYS: readonly Way[] = STAND_IN ? ['run as it is'] : ['run as it is', 'converted'];

export interface InetdOptions {
  readonly way: Way;
  readonly inetdConf: string;
  /** That of Debian, whose packages the daemons are, unless another is said. */
  readonly dialect?: string;
  readonly place: Place;
}

/** An inetd that serves. */
export interface Inetd {
  /** Waits until a handler has come and gone by itself, with one of these statuses (promise 7). */
  served(service: string, statuses?: readonly number[]): Promise<void>;
  /** Asks the handler of a wait service, which would linger, to end, and waits for it. */
  endHandler(service: string): Promise<void>;
}

function isOf(event: string, service: string) {
  return (record: { event: string; service?: string }) =>
    record.event === event && record.service === service;
}

function inetdOf(zinetd: Zinetd): Inetd {
  const started = async (service: string) => (await zinetd.event(isOf('started', service))).pid ?? 0;
  const exited = (service: string) => zinetd.event(isOf('exited', service));
  return {
    async served(service, statuses = [0]) {
      const pid = await started(service);
      const record = await exited(service);
      expect(record).toMatchObject({ pid });
      expect(statuses).toContain(record.status);
    },
    async endHandler(service) {
      const pid = await started(service);
      process.kill(pid);
      expect(await exited(service)).toMatchObject({ pid });
    },
  };
}

/** A stand-in keeps no log that can be read: what can be seen of it is that its handlers are gone. */
function inetdOfStandIn(pid: number): Inetd {
  const gone = async () => {
    await until(() => childrenOf(pid).length === 0, { what: 'the handlers are gone' });
  };
  const endHandler = () => {
    for (const child of childrenOf(pid)) process.kill(child);
    return gone();
  };
  return { served: gone, endHandler };
}

async function convert({ inetdConf, dialect = DEBIAN, place }: InetdOptions): Promise<string> {
  const path = join(scratch('convert'), 'inetd.conf');
  writeFileSync(path, inetdConf);
  const command = [...zinetdCommand(), 'convert', '--from', 'inetd', '--dialect', dialect, path];
  const { status, stdout, stderr } = await runProgram([...place.enter, ...command]);
  expect(status, stderr).toBe(0);
  return stdout;
}

/** Starts an inetd from nothing but an inetd.conf, for the test that calls it, and waits until it serves. */
export async function startInetd(options: InetdOptions): Promise<Inetd> {
  const { way, inetdConf, dialect = DEBIAN, place } = options;
  if (STAND_IN) return inetdOfStandIn(await startStandIn(STAND_IN, { inetdConf, place }));
  const config = way === 'converted' ? { config: await convert(options) } : { inetdConf, dialect };
  return inetdOf(await startZinetd({ prefix: place.enter, ...config }));
}
