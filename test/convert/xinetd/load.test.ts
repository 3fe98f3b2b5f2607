import { expect, test } from 'vitest';
import type { ForeignFormat } from '../../../src/config/foreign-format.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { makeSource } from '../../../src/config/source.ts';
import { convertFiles } from '../../../src/convert/xinetd/convert-files.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { memoryFiles, service } from './convert-text.ts';

const DATAGRAMS = ['socket_type = dgram', 'protocol = udp', 'wait = yes'];
const LISTS = '0.0.0.0 ::/0 .a.b host.x localhost 128.138.{200,201} ::ffff:1.2.3.4 2001:db8::/32 fe80::1%lo';

/** Services that xinetd runs, each with something of its own. */
const FORMS: readonly (readonly string[])[] = [
  ['flags = IPv4'],
  ['flags = IPv6', 'v6only = yes'],
  ['bind = 10.0.0.1'],
  ['bind = ::1'],
  ['bind = 239.1.2.230', ...DATAGRAMS],
  ['user = 65534', 'umask = 0077', 'nice = -5'],
  ['groups = yes', 'env = A=b', 'passenv ='],
  ['rlimit_as = 512M', 'rlimit_cpu = UNLIMITED', 'rlimit_files = 64'],
  ['access_times = 8:5-9:59 10:00-23:59', 'max_load = 2.5'],
  [`only_from = ${LISTS}`, 'no_access = 10.0.0.0'],
  ['only_from ='],
  ['instances = 5', 'per_source = 2', 'cps = 25 30'],
  ['instances = 5', 'cps = 25 0'],
  ['instances = 0'],
  ['log_type = SYSLOG daemon', 'log_on_success = USERID', 'flags = IDONLY NODELAY KEEPALIVE'],
  ['log_type = FILE /dev/null'],
  ['libwrap = other', 'banner = /etc/passwd'],
  ['redirect = 127.0.0.1 80', 'log_on_success = TRAFFIC'],
  ['redirect = ::1 80', 'instances = 2'],
  ['wait = yes', 'cps = 5 5', 'only_from = 10.0.0.1', 'banner = /etc/passwd'],
  ['wait = yes', 'instances = 0'],
  [...DATAGRAMS, 'per_source = 0', 'banner = /etc/passwd'],
  ['type = UNLISTED TCPMUX', 'instances = 3'],
  ['type = RPC UNLISTED', 'rpc_number = 300000', 'rpc_version = 1-2'],
  ['type = INTERNAL UNLISTED', 'flags = SENSOR', 'deny_time = 5', 'only_from = 10.0.0.1'],
  ['type = INTERNAL UNLISTED', 'flags = SENSOR', ...DATAGRAMS],
];

test('whatever xinetd runs becomes a service that zinetd can run', () => {
  const names = FORMS.map((_, index) => `s${index}`);
  const texts = FORMS.map((lines, index) => {
    const own = ['user = nobody', `port = ${7100 + index}`, ...lines];
    const unique = own.filter(
      (line, at) => own.findLastIndex((other) => keyOf(other) === keyOf(line)) === at,
    );
    return service(`s${index}`, ...unique);
  });
  const format: ForeignFormat = (_paths, context) => {
    const file = { path: 'xinetd.conf', source: makeSource('xinetd.conf', texts.join('')), isUtf8: true };
    return convertFiles([file], { ...context, files: memoryFiles({}) });
  };
  const { resolved, diagnostics } = loadConfig({ paths: [], format }, fakeHost());
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ span, message }) => `${span.range?.lineText.trim()}: ${message}`)).toEqual([]);
  const conflicts = diagnostics.filter(({ code }) => code === 'config/no-effect');
  expect(conflicts.map(({ message }) => message)).toEqual([]);
  expect(resolved?.services.map(({ service: { name } }) => name)).toEqual(names);
});

function keyOf(line: string): string {
  return line.split(' ', 1)[0] ?? '';
}
