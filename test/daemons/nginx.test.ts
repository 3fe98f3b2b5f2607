import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { isRefused } from '../harness/is-refused.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { freePort } from '../integration/free-port.ts';
import { ROLES } from './roles.ts';

const PAGE = `<p>A page of ${'many '.repeat(20_000)}words</p>\n`;

/** All that nginx writes goes below one directory. */
function configurationOf(directory: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    daemon off;
    pid ${directory}/pid;
    error_log stderr info;
    events { worker_connections 64; }
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${directory}/${name};`).join('\n')}
      server {
        listen 127.0.0.1:${port};
        location / { root ${directory}/pages; }
      }
    }
  `;
}

function makeDirectory(port: number): string {
  const directory = scratch('nginx');
  mkdirSync(join(directory, 'pages'));
  writeFileSync(join(directory, 'pages/page.html'), PAGE);
  const file = join(directory, 'nginx.conf');
  writeFileSync(file, configurationOf(directory, port));
  chmodSync(directory, 0o777);
  return directory;
}

function ofDaemon(zinetd: Zinetd, event: string): Promise<LogRecord> {
  return zinetd.event((record) => record.event === event && record.pid !== undefined);
}

for (const role of ROLES) {
  const needs = [...role.needs, { program: 'nginx' }, { program: 'curl' }];
  describeWith(`nginx on demand, ${role.title}`, { needs }, () => {
    test('is not there, serves the first page, is ended, is not there, and serves again (FEATURES 8.7)', async () => {
      const port = await freePort();
      const directory = makeDirectory(port);
      const web = {
        ...{ listen: 'tcp://127.0.0.1:0', redirect: `tcp://127.0.0.1:${port}`, idle_stop: '300ms' },
        ...{ server: program('nginx'), server_args: ['-e', 'stderr', '-c', join(directory, 'nginx.conf')] },
        ...role.userOf('nobody'),
      };
      const zinetd = await startZinetd({ as: role.as, config: { services: { web } } });
      const url = `http://127.0.0.1:${zinetd.port('web')}/page.html`;
      for (let count = 0; count < 2; count++) {
        expect(await isRefused(port), 'it is not there').toBe(true);
        const page = await runProgram(['curl', '--silent', '--show-error', url]);
        expect(page).toEqual({ status: 0, stderr: '', stdout: PAGE });
        const { pid } = await ofDaemon(zinetd, 'started');
        expect(await ofDaemon(zinetd, 'exited')).toMatchObject({ pid, status: 0, end: 'idle' });
      }
    });
  });
}
