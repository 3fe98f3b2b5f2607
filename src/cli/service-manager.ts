import { Buffer } from 'node:buffer';
import { MOST_SOCKET_PATH_BYTES } from '../model/most-socket-path-bytes.ts';

/** Who started zinetd and wants to be told how it fares: sd_notify(3). */
export interface ServiceManager {
  /** The path of its socket, or a name behind `@`. */
  readonly socket: string;
  /** Half of the time in which it wants a sign of life: sd_watchdog_enabled(3). */
  readonly signOfLifeMs: number | undefined;
}

interface Process {
  readonly pid: number;
  warn(message: string): void;
}

/** Whole milliseconds, as timers have them. */
function signOfLifeMs(environment: NodeJS.ProcessEnv, { pid, warn }: Process): number | undefined {
  const { WATCHDOG_USEC: text, WATCHDOG_PID: meant } = environment;
  if (text === undefined || (meant !== undefined && meant !== String(pid))) return undefined;
  const halfMs = Math.floor(Number(text) / 2000);
  if (/^[1-9][0-9]{0,15}$/.test(text) && halfMs >= 1) return halfMs;
  warn(`Cannot give signs of life: WATCHDOG_USEC is "${text}"`);
  return undefined;
}

/** What the environment says of it; undefined where nobody wants to know. */
export function serviceManager(environment: NodeJS.ProcessEnv, process: Process): ServiceManager | undefined {
  const { NOTIFY_SOCKET: socket } = environment;
  if (socket === undefined || socket === '') return undefined;
  if (!/^[@/]./s.test(socket) || Buffer.byteLength(socket) > MOST_SOCKET_PATH_BYTES) {
    process.warn(`Cannot tell the service manager anything: NOTIFY_SOCKET is "${socket}"`);
    return undefined;
  }
  return { socket, signOfLifeMs: signOfLifeMs(environment, process) };
}
