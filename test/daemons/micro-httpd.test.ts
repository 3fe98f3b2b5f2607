import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { expectServed } from './expect-served.ts';
import { ROLES } from './roles.ts';

const PAGE = `<p>A page of ${'many '.repeat(20_000)}words</p>\n`;

for (const role of ROLES) {
  const needs = [...role.needs, { program: 'micro-httpd' }, { program: 'curl' }];
  describeWith(`micro-httpd, ${role.title}`, { needs }, () => {
    test('serves a page to curl, whole, and a listing (promise 2, promise 7)', async () => {
      const pages = scratch('pages');
      writeFileSync(join(pages, 'page.html'), PAGE);
      const http = {
        ...{ listen: ['tcp://127.0.0.1:0', 'tcp://[::1]:0'], ...role.userOf('nobody') },
        ...{ server: program('micro-httpd'), server_args: [pages] },
      };
      const zinetd = await startZinetd({ as: role.as, config: { services: { http } } });
      const url = `http://127.0.0.1:${zinetd.port('http')}`;
      const page = await runProgram(['curl', '--silent', '--show-error', '--include', `${url}/page.html`]);
      expect(page).toMatchObject({ status: 0, stderr: '' });
      expect(page.stdout).toMatch(/^HTTP\/1\.[01] 200 /);
      expect(page.stdout.endsWith(PAGE)).toBe(true);
      await expectServed(zinetd, 'http');
      const listing = await runProgram(['curl', '--silent', '--show-error', `${url}/`]);
      expect(listing.stdout).toContain('href="page.html"');
      await expectServed(zinetd, 'http');
    });
  });
}
