import { expect, test } from 'vitest';
import type { ForeignFormat } from '../../../src/config/foreign-format.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { makeSource } from '../../../src/config/source.ts';
import { convertFiles } from '../../../src/convert/rlinetd/convert-files.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { memoryFiles, service } from './convert-text.ts';

/** Services that rlinetd runs, each with something of its own. */
const FORMS: readonly (readonly string[])[] = [
  ['family ipv4;'],
  ['family ipv6;'],
  ['interface 10.0.0.1;'],
  ['interface ::1;'],
  ['protocol udp;', 'wait yes;'],
  ['protocol udp;', 'tcpd;', 'instances 1;'],
  ['protocol udp;', 'family ipv6;'],
  ['wait yes;', 'instances 1;', 'tcpd;'],
  ['backlog 0;', 'instances 0;'],
  ['user 65534;', 'group 65534;', 'initgroups;', 'nice -5;'],
  ['chroot "/";'],
  ['rlimit cpu 15;', 'rlimit core { soft 0; hard 5; }', 'rlimit stack unlimited;'],
  ['tcpd "x" { echo "500 no, %O\\n"; exit; }'],
  ['tcpd { banner "/etc/passwd"; exit; }'],
  ['banner "/etc/passwd";'],
  ['capability "cap_setuid=eip";'],
  ['log syslog "x";'],
  ['log "file" "x";'],
  ['exec "";', 'chargen;'],
  ['exec "";', 'discard;', 'tcpd;'],
  ['exec "";', 'loopback;', 'protocol udp;'],
  ['exec "";', 'echo "%M";', 'close;'],
  ['exec "";', 'echo "%I\\n";', 'log syslog "x";'],
];

test('whatever rlinetd runs becomes a service that zinetd can run', () => {
  const names = FORMS.map((_, index) => `s${index}`);
  const texts = FORMS.map((lines, index) => {
    const text = service(`s${index}`, `port ${7100 + index};`, 'user "nobody";', ...lines);
    return text
      .replace('user "nobody";', lines.some((line) => line.startsWith('user')) ? '' : 'user "nobody";')
      .replace('exec "";', '');
  });
  const text = `log "file" { path "/var/log/zinetd-test"; mode 0600; }\n${texts.join('')}`;
  const format: ForeignFormat = (_paths, context) => {
    const file = { path: 'rlinetd.conf', source: makeSource('rlinetd.conf', text), isUtf8: true };
    return convertFiles([file], { ...context, files: memoryFiles({}), name: 'x' });
  };
  const { resolved, diagnostics } = loadConfig({ paths: [], format }, fakeHost());
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ span, message }) => `${span.range?.lineText.trim()}: ${message}`)).toEqual([]);
  const conflicts = diagnostics.filter(({ code }) => code === 'config/no-effect');
  expect(conflicts.map(({ message }) => message)).toEqual([]);
  expect(resolved?.services.map(({ service: { name } }) => name)).toEqual(names);
});
