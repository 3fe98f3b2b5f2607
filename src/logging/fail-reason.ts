import type { LaunchFailure } from '../events/launch-failure.ts';

/** What failed before or after the strip, in xinetd's words where it has one. */
const NOT_THE_STRIP: Readonly<Record<string, string>> = {
  client_gone: 'client_gone',
  clone: 'fork',
  cap: 'service_limit',
  busy: 'launch_busy',
  refused: 'launch_refused',
  send: 'launch_refused',
  open: 'open_failed',
  exec: 'exec_failed',
  stopping: 'stopping',
  tcpmux_unknown: 'tcpmux_unknown',
  tcpmux_timeout: 'tcpmux_timeout',
  tcpmux_closed: 'tcpmux_closed',
  source_port: 'source_port',
  redirect: 'redirect',
  pass: 'pass_failed',
  proxy_protocol: 'proxy_protocol',
  tls: 'tls',
  banner_timeout: 'banner_timeout',
  banner_busy: 'banner_busy',
};

/** The reason of a FAIL record; a step of the strip that failed names itself (S22). */
export function launchReason({ step }: LaunchFailure): string {
  return NOT_THE_STRIP[step] ?? `drop_failed:${step}`;
}
