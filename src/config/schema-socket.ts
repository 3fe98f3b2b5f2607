import { z } from 'zod';
import { parseDurationMs } from '../model/quantity.ts';
import type { AttributeName } from './document.ts';
import { parseLimit } from './limit-value.ts';
import { fileMode, principal } from './schema-parts.ts';

const BUFFER_FORM = 'must be a number of bytes or a size such as "64k", up to 1g';
const MOST_BUFFER_BYTES = 2 ** 30;
const DEFER_FORM = 'must be a duration of whole seconds from "1s" to "600s"';
const MOST_DEFER_MS = 600_000;
/** IFNAMSIZ with its NUL. */
const MOST_INTERFACE = 15;

function buffer(what: string): z.ZodType {
  const isSize = (value: number | string): boolean => {
    const bytes = parseLimit(value, 'bytes') ?? 0;
    return bytes > 0 && bytes <= MOST_BUFFER_BYTES;
  };
  return z
    .union([z.int(), z.string()], { error: BUFFER_FORM })
    .refine(isSize, { error: BUFFER_FORM })
    .describe(`Size of the socket's buffer for what is ${what}. Default: that of the system.`);
}

type SocketName = Extract<
  AttributeName,
  | ('socket_user' | 'socket_group' | 'socket_mode' | 'bind_to_device' | 'mptcp' | 'receive_buffer')
  | ('send_buffer' | 'no_delay' | 'defer_accept' | 'free_bind' | 'transparent' | 'mark' | 'tos')
>;

/** What the sockets of a service are like, in the words of systemd.socket(5). */
export const SOCKET_SHAPE: Readonly<Record<SocketName, z.ZodType>> = {
  socket_user: principal.describe('Owner of unix sockets with a path. Default: who starts zinetd.'),
  socket_group: principal.describe('Group of unix sockets with a path. Default: that of who starts zinetd.'),
  socket_mode: fileMode.describe('Mode of unix sockets with a path, octal text in quotes. Default: "0660".'),
  bind_to_device: z
    .string()
    .min(1)
    .max(MOST_INTERFACE)
    .describe('The one network interface to listen on. Default: all.'),
  mptcp: z.boolean().describe('Whether TCP listeners take Multipath TCP as well. Default: false.'),
  receive_buffer: buffer('received'),
  send_buffer: buffer('sent'),
  no_delay: z.boolean().describe('TCP_NODELAY: small writes are sent at once. Default: false.'),
  defer_accept: z
    .string({ error: DEFER_FORM })
    .refine(
      (value) => {
        const ms = parseDurationMs(value) ?? 0;
        return ms >= 1000 && ms <= MOST_DEFER_MS && ms % 1000 === 0;
      },
      { error: DEFER_FORM },
    )
    .describe('Connections wait in the kernel until the client has sent something, this long. Default: no.'),
  free_bind: z.boolean().describe('Whether addresses that no interface has yet will do. Default: false.'),
  transparent: z.boolean().describe('IP_TRANSPARENT, for connections to others. Default: false.'),
  mark: z.int().min(0).max(0x7fff_ffff).describe('SO_MARK, for routing and firewalls. Default: none.'),
  tos: z.int().min(0).max(255).describe('Type of service or traffic class of what is sent. Default: 0.'),
};
