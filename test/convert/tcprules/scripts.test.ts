import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTcprules } from '../../../src/convert/tcprules/read-tcprules.ts';
import { convertPaths, filesIn } from '../convert-paths.ts';
import { convert, service } from './run-script.ts';

const SMTP = `#!/bin/sh
# the mail
QMAILDUID=\`id -u qmaild\`
GID=$(id -g qmaild)
MAX=30
exec 2>&1
exec envdir env /usr/bin/softlimit -m 20000000 -o 64 \\
    tcpserver -vRHl0 -x /etc/none/tcp.smtp.cdb -c "$MAX" -b 50 -D -u "$QMAILDUID" -g "$GID" 0 smtp \\
    /usr/bin/rblsmtpd -r zen.example '/var/qmail/bin/qmail smtpd' 2>&1
`;

describe('a run script', () => {
  test('becomes the service that it starts, with its rules (promise 6)', () => {
    const found = convert(
      { 'smtpd/run': SMTP, 'smtpd/env/FOO': 'bar \nmore\n', 'smtpd/env/NONE': '', 'tcp.smtp': '10.:deny\n' },
      ['smtpd', 'tcp.smtp'],
    );
    expect(found.places).toEqual(['smtpd/run:8:25 tcprules/elsewhere']);
    expect(found.services).toEqual({
      smtpd: {
        listen: 'tcp4://*:smtp',
        user: 'qmaild',
        server: '/usr/bin/rblsmtpd',
        server_args: ['-r', 'zen.example', '/var/qmail/bin/qmail smtpd'],
        env: { FOO: 'bar' },
        pass_env: 'ALL',
        peer_env: ['ucspi'],
        stderr: 'log',
        rlimits: { data: 20_000_000, stack: 20_000_000, as: 20_000_000, nofile: 64 },
        no_access: ['10.0.0.0/8'],
        backlog: 50,
        no_delay: true,
        instances: 30,
        per_source: 'UNLIMITED',
        policies: { instances: 'queue' },
      },
    });
    expect(found.lines).toEqual([
      'tcp.smtp:1-1 service smtpd',
      'smtpd/run:1-2 comment',
      'smtpd/run:3-3 directive',
      'smtpd/run:4-4 directive',
      'smtpd/run:5-5 directive',
      'smtpd/run:6-6 directive',
      'smtpd/run:7-9 service smtpd',
    ]);
  });

  test('has what its server takes for granted', () => {
    expect(service('exec tcpserver -RH -u 7 -g 8 10.0.0.1 2525 /bin/cat')).toEqual({
      ...{ listen: 'tcp://10.0.0.1:2525', user: 7, group: 8, server: '/bin/cat', pass_env: 'ALL' },
      ...{ peer_env: ['ucspi'], stderr: 'log', backlog: 20, instances: 40, per_source: 'UNLIMITED' },
      policies: { instances: 'queue' },
    });
  });

  test('changes what comes after it: umask, cd, ulimit, nice, chpst, env, envuidgid', () => {
    const lines = [
      ...['umask 77', 'cd /srv', 'ulimit -n 64', 'export LANG=C TZ="Europe/Berlin"', "PATH='/bin'"],
      'X=1 exec nice -n 5 env -i A="b c" envuidgid nobody tcpserver -URH -- 0 7 ./bin/it 2>/dev/null',
    ];
    expect(service(lines.join('\n'))).toMatchObject({
      ...{ umask: '077', cwd: '/srv', rlimits: { nofile: 64 }, nice: 5, user: 'nobody' },
      ...{ env: { A: 'b c' }, server: '/srv/bin/it', argv0: './bin/it', stderr: 'none' },
    });
    expect(service(lines.join('\n'))).not.toHaveProperty('pass_env');
    const chpst = 'exec chpst -u me:daemon:games -n 3 -/ /jail -C /d -m 1000 tcpserver -RH 0 7 /bin/it';
    expect(service(chpst)).toMatchObject({
      ...{ user: 'me', group: 'daemon', groups: ['games'], nice: 3, chroot: '/jail', cwd: '/d' },
      rlimits: { data: 1000, stack: 1000, memlock: 1000, as: 1000 },
    });
  });

  test('says what has no counterpart', () => {
    const command = 'exec tcpserver -1o -B hello -l me.example -u me 0 7 /bin/cat 2>/tmp/x';
    service(command, [
      ...['tcprules/unset', 'tcprules/no-counterpart', 'tcprules/no-counterpart', 'tcprules/no-counterpart'],
      ...['tcprules/no-counterpart', 'tcprules/no-counterpart'],
    ]);
    expect(service('exec tcpserver -RH -g 5 0 7 /bin/cat', ['tcprules/root'])).toMatchObject({
      user: 'root',
      group: 5,
    });
    service('exec envuidgid me tcpserver -RH 0 7 /bin/cat', ['tcprules/unset', 'tcprules/root']);
  });

  test('of execline is one command, and s6 has its own limits and rules that refuse whom they do not name', () => {
    const script = [
      '#!/bin/execlineb -P',
      '# the echo',
      'fdmove -c 2 1',
      's6-softlimit -o 64',
      's6-envuidgid "nobody"',
      's6-tcpserver -U -c 10 -C 2 127.0.0.1 2527',
      's6-tcpserver-access -v1 -p -D -i rules',
      '/bin/cat -u',
      '',
    ].join('\n');
    const found = convert({
      echo: script,
      'rules/ip4/10.0.0.0_8/allow': '',
      'rules/ip4/10.1.0.0_16/deny': '',
    });
    expect(found.places).toEqual([]);
    expect(found.services).toEqual({
      '2527': {
        ...{ listen: 'tcp://127.0.0.1:2527', user: 'nobody', server: '/bin/cat', server_args: ['-u'] },
        ...{ pass_env: 'ALL', peer_env: ['ucspi'], stderr: 'log', rlimits: { nofile: 64 } },
        ...{ only_from: ['10.0.0.0/8'], no_access: ['10.1.0.0/16'], backlog: 20, per_source: 2 },
        ...{ instances: 10, policies: { instances: 'queue' }, no_delay: true },
      },
    });
  });

  test('of tcpsvd limits sources and says why', () => {
    expect(service('exec tcpsvd -vE -c 9 -C 3:busy\\\\n -u :7:8 0 110 /bin/pop3')).toEqual({
      ...{ listen: 'tcp4://*:110', user: 7, group: 8, server: '/bin/pop3', pass_env: 'ALL', stderr: 'log' },
      ...{ backlog: 20, per_source: 3, instances: 9 },
      policies: { instances: 'queue', per_source: { reject: { text: 'busy\n' } } },
    });
    expect(service('exec udpsvd -u nobody 0 69 /bin/tftpd')).toMatchObject({
      listen: 'udp4://*:69',
      wait: true,
    });
  });

  test('of sslserver has the certificate of its environment, and is left out without one', () => {
    const keys = 'export CERTFILE=/k/cert CAFILE=/k/ca KEYFILE=/k/key\n';
    expect(service(`${keys}exec sslserver -RHi -u me 0 465 /bin/smtpd`)).toMatchObject({
      tls: { certificate: '/k/cert', key: '/k/key', client: 'required', client_ca: '/k/ca' },
    });
    service(`${keys}exec sslserver -eRH -u me 0 465 /bin/smtpd`, ['tcprules/no-counterpart']);
    expect(service('exec sslserver -RH -u me 0 465 /bin/smtpd', ['tcprules/certificate'])).toEqual({});
  });
});

describe('a service whose rules cannot be had is left out: it would be open (promise 6)', () => {
  const RUN = '#!/bin/sh\nexec tcpserver -RH -u me -x rules.cdb 0 7 /bin/cat\n';

  test('the source is missing', () => {
    const found = convert({ 'x/run': RUN, 'x/rules.cdb': 'cdb' });
    expect(found.places).toEqual(['x/run:2:29 tcprules/no-source']);
    expect(found.services).toEqual({});
    expect(found.lines).toEqual(['x/run:1-1 comment', 'x/run:2-2 problem']);
  });

  test('the source has an error', () => {
    const found = convert({ 'x/run': RUN, 'x/rules': '10.:reject\n' });
    expect(found.places).toEqual(['x/rules:1:1 tcprules/syntax', 'x/run:2:29 tcprules/faulty-rules']);
    expect(found.services).toEqual({});
  });

  test('the script is named twice, and what is wrong is told once', () => {
    const found = convert({ 'x/run': RUN }, ['x', 'x/run']);
    expect(found.codes.toSorted()).toEqual(['config/include', 'tcprules/no-source']);
    expect(found.services).toEqual({});
  });

  test('which they are comes from a command, though only one file of rules is named', () => {
    const run = RUN.replace('rules.cdb', '"$RULES"');
    const found = convert({ 'x/run': run, rules: ':deny\n' }, ['x', 'rules']);
    expect(found.codes).toEqual(['tcprules/unknown-value']);
    expect(found.services).toEqual({});
  });

  test('another file of rules is named', () => {
    const found = convert({ 'x/run': RUN, 'tcp.smtp': ':allow\n' }, ['x', 'tcp.smtp']);
    expect(found.codes).toEqual(['tcprules/no-source']);
    expect(found.services).toEqual({});
  });

  test('the file beside the database is meant, not one of that name elsewhere', () => {
    const files = { 'x/run': RUN, 'x/rules': ':deny\n', 'y/rules': ':allow\n' };
    const found = convert(files, ['x', 'y/rules']);
    expect(found.codes).toEqual([]);
    expect(found.services['x']).toMatchObject({ only_from: [] });
  });

  test('several files could be the source', () => {
    const found = convert({ 'x/run': RUN, 'a/rules': ':deny\n', 'b/rules': ':allow\n' }, [
      'x',
      'a/rules',
      'b/rules',
    ]);
    expect(found.services).toEqual({});
    expect(found.codes).toEqual(['tcprules/no-source']);
  });

  test('instructions are for a server that gives its socket away', () => {
    const found = convert({
      'x/run': '#!/bin/sh\nexec udpsvd -u me -i peers 0 7 /bin/cat\n',
      'x/peers/0': '',
    });
    expect(found.codes).toEqual(['tcprules/not-supported']);
    expect(found.services).toEqual({});
  });

  test('a source beside the database is taken, with a warning if it is newer', () => {
    const home = filesIn({ 'x/run': RUN, 'x/rules.cdb': 'cdb', 'x/rules': ':deny\n' });
    utimesSync(join(home, 'x/rules.cdb'), 1, 1);
    const { codes, services } = convertPaths(readTcprules, home, ['x']);
    expect(codes).toEqual(['tcprules/newer']);
    expect(services['x']).toMatchObject({ only_from: [] });
  });
});

describe('what a script has that cannot be told without running it', () => {
  const END = 'exec tcpserver -RH -u me 0 7 /bin/cat\n';
  test.each([
    ['if [ -f x ]; then exit 1; fi\n', '2:1 tcprules/shell'],
    ['for i in 1 2; do :; done\n', '2:1 tcprules/shell'],
    ['cat x | tcpserver 0 7 /bin/cat\n', '2:7 tcprules/shell'],
    ['test -f x || exit\n', '2:11 tcprules/shell'],
    ['prepare "x\n', '2:9 tcprules/shell'],
    ['echo *.x\n', '2:6 tcprules/shell'],
    ['cat <<E\n', '2:5 tcprules/shell'],
    ['echo x`\n', '2:7 tcprules/shell'],
    ['echo $1\n', '2:6 tcprules/shell'],
    ['echo\r\n', '2:5 tcprules/shell'],
    ['mkdir -p /run/x\n', '2:1 tcprules/command'],
    ['sh -c "tcpserver 0 7 /bin/cat"\n', '2:1 tcprules/command'],
    ['envuidgid nobody\n', '2:1 tcprules/command'],
    ['umask abc\n', '2:7 tcprules/value'],
    ['ulimit -q 3\n', '2:8 tcprules/option'],
    ['setuidgid $WHO tcpserver 0 7 /bin/cat\n', '2:11 tcprules/unknown-value'],
    ['tcpserver -k 0 7 /bin/cat\n', '2:12 tcprules/option'],
    ['tcpserver -c 0 0 7 /bin/cat -u me\n', '2:14 tcprules/value'],
    ['tcpserver 0 7\n', '2:1 tcprules/option'],
    ['tcpserver -U 0 7 /bin/cat\n', '2:1 tcprules/option'],
    ['tcpserver -RH -u me 0 7 not-a-program-of-anybody\n', '2:25 tcprules/program'],
  ])('%j is an error at its place, and nothing of the script runs (promise 8)', (line, place) => {
    const found = convert({ 'x/run': `#!/bin/sh\n${line}${END}` });
    const errors = found.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`)).toEqual([
      place,
    ]);
    expect(found.services).toEqual({});
  });

  test('does not matter where nothing is made of it', () => {
    const lines = 'LOCAL=`head -1 me`\nexec tcpserver -RH -l "$LOCAL" -u me 0 7 /bin/cat';
    expect(service(lines, ['tcprules/no-counterpart'])).toMatchObject({ listen: 'tcp4://*:7' });
  });
});

describe('what is named', () => {
  test('a database is refused, with where its source is', () => {
    const found = convert({ 'x.cdb': '', x: ':deny\n' });
    expect(
      found.diagnostics.map(({ code, help }) => [code, help?.endsWith('/x", which lies beside it')]),
    ).toEqual([['tcprules/cdb', true]]);
    expect(found.root).toBeUndefined();
  });

  test('rules alone are a service that is disabled, with its lists', () => {
    const found = convert({ 'tcp.smtp': '10.:deny\n' });
    expect(found.places).toEqual(['tcp.smtp tcprules/no-services']);
    expect(found.services).toEqual({});
    expect(found.disabledServices).toEqual({ 'tcp.smtp': { enabled: false, no_access: ['10.0.0.0/8'] } });
    expect(found.lines).toEqual(['tcp.smtp:1-1 disabled tcp.smtp']);
  });

  test('several scripts are several services, named by their directories, or by their ports', () => {
    const run = '#!/bin/sh\nexec tcpserver -RH -u me 0 7 /bin/cat\n';
    const line = 'tcpserver -RH -u me 0 ftp /bin/ftpd\n';
    const found = convert({ 'a/run': run, 'b/a/run': run, line }, ['a', 'b/a/run', 'line']);
    expect(Object.keys(found.services)).toEqual(['a', 'a-2', 'ftp']);
  });
});
