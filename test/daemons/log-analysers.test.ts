import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { matchedByFail2ban } from '../harness/fail2ban.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { UNPACKED } from '../harness/prepare-packages.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const SERVED = '127.72.0.1';
const DENIED = '127.72.0.2';
const WRAPPED = '127.72.0.3';

/** Real clients of services that log as those of an xinetd.conf do; every way of being refused that analysers know. */
async function visit(logType: object): Promise<void> {
  const deny = join(scratch('log-analysers'), 'deny');
  writeFileSync(deny, `ALL: ${WRAPPED}\n`);
  const service = {
    ...{ listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...(isRoot ? { user: 'nobody' } : {}) },
    ...{ log_type: logType, log_format: 'text', hosts_access: { deny }, no_access: [DENIED] },
    ...{ log_on_success: ['pid', 'host', 'exit', 'duration'], log_on_failure: ['host'] },
  };
  const held = { ...service, server: '/bin/cat', instances: 1, per_source: 'UNLIMITED' };
  const zinetd = await startZinetd({ config: { services: { open: service, one: held } } });
  await ask(zinetd.port('open'), '', { from: SERVED });
  for (const from of [DENIED, DENIED, WRAPPED]) await ask(zinetd.port('open'), '', { from });
  const first = await connect(zinetd.port('one'), { from: SERVED });
  first.send('x');
  await first.readUntil('x');
  await ask(zinetd.port('one'), '', { from: SERVED });
  first.halfClose();
  await first.ended();
  await zinetd.stop();
}

/** What a syslog server would put into its file. */
async function syslogLines(): Promise<readonly string[]> {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const lines: string[] = [];
  server.on('message', (message) => lines.push(message.toString('latin1').replace(/^<\d+>/, '')));
  const to = `udp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await visit({ syslog: 'authpriv', tag: 'xinetd', to, format: 'rfc3164' });
  await until(() => lines.filter((line) => line.includes(' EXIT: ')).length === 2, {
    what: 'both have ended',
  });
  return lines;
}

async function fileLines(): Promise<readonly string[]> {
  const file = join(scratch('log-analysers'), 'service.log');
  await visit({ file });
  return readFileSync(file, 'latin1').split('\n').slice(0, -1);
}

/** Who has to be found, in the order of their visits. */
const FAILURES = [
  `FAIL: open address from=${DENIED}`,
  `FAIL: open address from=${DENIED}`,
  `FAIL: open libwrap from=${WRAPPED}`,
];

function recordsOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.slice(line.indexOf('FAIL: ')));
}

describeWith('fail2ban with its filter for xinetd', { needs: [{ program: 'fail2ban-regex' }] }, () => {
  test.each([
    ['a log file', fileLines],
    ['what syslog wrote', syslogLines],
  ])('finds in %s everybody who was refused by address, and nobody else (DESIGN §10)', async (_, write) => {
    const lines = await write();
    expect(recordsOf(matchedByFail2ban(lines))).toEqual(FAILURES);
    expect(lines.filter((line) => / START: | EXIT: /.test(line))).toHaveLength(4);
  });
});

describeWith('logwatch', { needs: [{ program: 'logwatch' }, { program: 'perl' }] }, () => {
  test('counts who was served and who was refused, and has no line left that it does not know', async () => {
    const lines = await syslogLines();
    const root = resolve(UNPACKED, 'usr/share/logwatch');
    const env = { LOGWATCH_DETAIL_LEVEL: '10', secure_ip_lookup: 'No', PERL5LIB: join(root, 'lib') };
    const input = lines.map((line) => `${line}\n`).join('');
    const report = await runProgram(['perl', join(root, 'scripts/services/secure')], { env, input });
    expect(report).toMatchObject({ status: 0, stderr: '' });
    const text = report.stdout.replace(/[ \t]+/g, ' ');
    const [connections = '', refused = ''] = text.split('Refused Connections:');
    for (const name of ['open', 'one']) {
      expect(connections).toContain(`Service ${name} [Connection(s) per day]:\n ${SERVED}: 1 Time(s)\n`);
    }
    expect(refused).toContain(`Service one:\n ${SERVED}: 1 Time(s)\n`);
    expect(refused).toContain(`Service open:\n ${DENIED}: 2 Time(s)\n ${WRAPPED}: 1 Time(s)\n`);
    expect(text).not.toMatch(/Unmatched/i);
  });
});
