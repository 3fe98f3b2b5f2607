import { expect } from 'vitest';
import { stringify } from 'yaml';
import type { LayeredService } from '../../../src/config/layer.ts';
import { Report } from '../../../src/config/report.ts';
import { toSystemd, type UnitFile } from '../../../src/convert/to-systemd/to-systemd.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { loadText } from '../../config/load-text.ts';

export type Attributes = Readonly<Record<string, unknown>>;

interface Made {
  readonly units: readonly UnitFile[];
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

const host = fakeHost({ findUser: (name) => ({ name, uid: name === 'root' ? 0 : 65_534, gid: 65_534 }) });

export function layeredOf(services: Readonly<Record<string, Attributes>>): readonly LayeredService[] {
  const loaded = loadText(stringify({ version: 1, services }), host);
  expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return (loaded.resolved?.services ?? []).map(({ settings }) => settings);
}

export function unitsOf(services: Readonly<Record<string, Attributes>>): Made {
  const report = new Report({ leavesOut: true });
  const units = toSystemd(layeredOf(services), { report, host });
  const diagnostics = report.diagnostics();
  return {
    units,
    codes: diagnostics.map(({ code }) => code.replace('to-systemd/', '')),
    messages: diagnostics.map(({ message }) => message),
  };
}

/** A service with some attributes more, which says nothing that units could not say. */
export function service(more: Attributes = {}): Attributes {
  const identity = more['dynamic_user'] ? {} : { user: 'daemon', groups: true };
  return { listen: 'tcp://127.0.0.1:7000', server: '/bin/cat', ...identity, ...more };
}

/** The lines of both units but for those that all of them have. */
export function linesOf(more: Attributes): readonly string[] {
  const usual = new Set(unitsOf({ it: service() }).units.flatMap(({ text }) => text.split('\n')));
  return unitsOf({ it: service(more) })
    .units.flatMap(({ text }) => text.split('\n'))
    .filter((line) => !usual.has(line));
}
