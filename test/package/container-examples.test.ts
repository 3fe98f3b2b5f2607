import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { describeWith } from '../harness/describe-with.ts';
import { unprivilegedUser } from '../harness/identity.ts';
import { launchLine } from '../harness/launch-line.ts';
import { runProgram } from '../harness/run-program.ts';
import { zinetdCommand } from '../harness/zinetd-command.ts';

const FILES = [
  'examples/compose.yaml',
  ...readdirSync('examples/kubernetes').map((name) => join('examples/kubernetes', name)),
];

function contentsOf(path: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

/** Every text below a value, by the names that lead to it. */
function textsBelow(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => textsBelow(below, `${path}/${key}`));
}

const CONFIGURATIONS = FILES.flatMap(contentsOf)
  .flatMap((content) => textsBelow(content))
  .filter(([path]) => path.endsWith('/ZINETD_CONFIG') || path === '/data/zinetd.yaml');

describeWith('the examples for containers', { needs: ['an unprivileged user'] }, () => {
  test('have configurations without a mistake, for somebody who is not root', async () => {
    expect(CONFIGURATIONS.length).toBe(2);
    for (const [, ZINETD_CONFIG] of CONFIGURATIONS) {
      const as = unprivilegedUser();
      const command = launchLine([...zinetdCommand({ as }), 'check'], { as });
      const { status, stdout, stderr } = await runProgram(command, { env: { ZINETD_CONFIG } });
      expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: 'ZINETD_CONFIG: OK, 2 services\n' });
      expect(stderr).not.toContain('config/');
    }
  });
});

describe('the example for Kubernetes', () => {
  test('gives the container nothing that zinetd does not need', () => {
    const [deployment] = contentsOf('examples/kubernetes/deployment.yaml') as readonly [
      { spec: { template: { spec: { securityContext: object; containers: readonly object[] } } } },
    ];
    const { securityContext, containers } = deployment.spec.template.spec;
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532 });
    const probe = { exec: { command: ['zinetd', 'health'] } };
    expect(containers).toMatchObject([
      {
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        ...{ startupProbe: probe, readinessProbe: probe, livenessProbe: probe },
      },
    ]);
  });
});
