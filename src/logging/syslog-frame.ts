import type { LogDestination } from '../model/log-policy.ts';
import type { Level } from './level.ts';
import type { QueueSinkOptions, WrittenRecord } from './queue-sink.ts';
import { renderClock } from './render-clock.ts';
import { cachePerSecond } from './second-cache.ts';

type SyslogDestination = Extract<LogDestination, { readonly kind: 'syslog' }>;

export interface SyslogOrigin {
  /** Of this machine; of 0x21 to 0x7E. */
  readonly hostName: string;
  readonly pid: number;
}

/** Numbers of syslog(3), for records of a destination that names no level. */
const SEVERITIES: Readonly<Record<Level, number>> = { error: 3, warning: 4, info: 6 };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Jan  9 02:35:03` in local time. */
function renderTime(second: Date): string {
  const day = String(second.getDate()).padStart(2);
  return `${MONTHS[second.getMonth()] ?? 'Jan'} ${day} ${renderClock(second)}`;
}

/** What stands between the priority and the text. */
type Header = (record: WrittenRecord) => string;

/** RFC 3164; without the host on this machine, as syslog(3) has it. */
function headerOf3164({ isLocal, tag }: SyslogDestination, { hostName, pid }: SyslogOrigin): Header {
  const time = cachePerSecond(renderTime);
  const host = isLocal ? '' : ` ${hostName}`;
  return ({ atMs }) => `${time(atMs)}${host} ${tag}[${pid}]: `;
}

/** RFC 5424, with the type of the event as the id of the message. */
function headerOf5424({ tag }: SyslogDestination, { hostName, pid }: SyslogOrigin): Header {
  return ({ atMs, event }) => `1 ${new Date(atMs).toISOString()} ${hostName} ${tag} ${pid} ${event.type} - `;
}

const HEADERS = { rfc3164: headerOf3164, rfc5424: headerOf5424 } as const;

/** The messages that a record is: one for each line. Those for a stream begin with their length (RFC 6587). */
export function syslogFrame(
  destination: SyslogDestination,
  origin: SyslogOrigin,
): NonNullable<QueueSinkOptions['frame']> {
  const { facility, severity, form, transport } = destination;
  const header = HEADERS[form](destination, origin);
  return (record, level) => {
    const priority = 8 * facility + (severity ?? SEVERITIES[level as Level]);
    const head = `<${priority}>${header(record)}`;
    const messages = record.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${head}${line}`);
    return transport === 'stream' ? messages.map((it) => `${it.length} ${it}`) : messages;
  };
}
