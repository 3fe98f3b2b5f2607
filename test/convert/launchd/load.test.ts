import { expect, test } from 'vitest';
import type { ForeignFormat } from '../../../src/config/foreign-format.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { makeSource } from '../../../src/config/source.ts';
import { convertFiles } from '../../../src/convert/launchd/convert-files.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { job } from './convert-text.ts';

type Keys = Readonly<Record<string, unknown>>;

/** What a job listens on; each has a port of its own. */
function on(socket: Keys): (port: number) => Keys {
  return (port) => ({ Sockets: { a: { SockServiceName: String(port), ...socket } } });
}

const WAIT = { inetdCompatibility: { Wait: true } };

/** Jobs that launchd runs, each with something of its own. */
const FORMS: readonly ((port: number) => Keys)[] = [
  on({}),
  on({ SockFamily: 'IPv4' }),
  on({ SockNodeName: '::1' }),
  (port) => ({ ...on({ SockType: 'dgram' })(port), ...WAIT }),
  (port) => ({ ...on({})(port), ...WAIT, ExitTimeOut: 5 }),
  () => ({ Sockets: { a: { SockPathName: '/run/a', SockPathMode: 438, SockPathOwner: 0 } } }),
  () => ({ Sockets: { a: { SockPathName: '/run/b', SockType: 'dgram' } }, ...WAIT }),
  (port) => ({ ...on({})(port), inetdCompatibility: { Wait: false, Instances: 5 } }),
  (port) => ({
    ...on({})(port),
    Umask: 18,
    Nice: 5,
    WorkingDirectory: '/',
    InitGroups: false,
    GroupName: 'daemon',
  }),
  (port) => ({ ...on({})(port), SoftResourceLimits: { Core: 0 }, HardResourceLimits: { CPU: 5 } }),
  (port) => ({ ...on({})(port), StandardErrorPath: '/dev/null', EnvironmentVariables: { A: 'b' } }),
  (port) => ({ ...on({})(port), StandardErrorPath: '/var/log/x' }),
  (port) => ({ ...on({})(port), UserName: undefined, RootDirectory: '/' }),
  (port) => ({ ...on({})(port), Disabled: true, KeepAlive: true }),
];

test('whatever launchd runs for inetd becomes a service that zinetd can run', () => {
  const format: ForeignFormat = (_paths, context) => {
    const files = FORMS.map((form, index) => {
      const text = job({ UserName: 'nobody', ...form(7200 + index), Label: `s${index}` });
      return { path: `s${index}`, source: makeSource(`s${index}`, text), isUtf8: true };
    });
    return convertFiles(files, { ...context, name: 'x' });
  };
  const { resolved, diagnostics } = loadConfig({ paths: [], format }, fakeHost());
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ span, message }) => `${span.file}: ${message}`)).toEqual([]);
  const conflicts = diagnostics.filter(({ code }) => code === 'config/no-effect');
  expect(conflicts.map(({ message }) => message)).toEqual([]);
  expect(resolved?.services.map(({ service: { name } }) => name)).toEqual(
    FORMS.map((_, index) => `s${index}`),
  );
});
