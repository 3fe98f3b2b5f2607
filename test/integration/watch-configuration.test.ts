import { mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { echoAt } from './reload-run.ts';

/** A configuration with a directory of services. */
class Files {
  readonly directory: string = join(scratch('watched'), 'services.d');

  constructor() {
    mkdirSync(this.directory);
    this.save('one.yaml', this.text('one'));
  }

  text(...names: readonly string[]): string {
    return JSON.stringify({ services: Object.fromEntries(names.map((name) => [name, echoAt(0)])) });
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** In place. */
  save(name: string, text: string): void {
    writeFileSync(this.path(name), text, { mode: 0o644 });
  }

  start(settings: object = { watch: true }): Promise<Zinetd> {
    const include = [join(this.directory, '*.yaml')];
    return startZinetd({ config: JSON.stringify({ version: 1, include, ...settings }) });
  }
}

const LONG_MS = 60_000;

async function serves(zinetd: Zinetd, service: string): Promise<void> {
  await zinetd.event((record) => record.event === 'listening' && record.service === service);
  expect(await ask(zinetd.port(service), 'hello')).toBe('hello');
}

describe('a file of the configuration', () => {
  test(
    'is in force a moment after it is written, moved to its place, added or deleted (DESIGN 7)',
    async () => {
      const files = new Files();
      const zinetd = await files.start();
      files.save('one.yaml', files.text('one', 'written'));
      await serves(zinetd, 'written');
      files.save('.one.yaml.swp', 'what an editor keeps');
      files.save('one.yaml~', files.text('one', 'moved'));
      renameSync(files.path('one.yaml~'), files.path('one.yaml'));
      await serves(zinetd, 'moved');
      files.save('two.yaml', files.text('added'));
      await serves(zinetd, 'added');
      unlinkSync(files.path('two.yaml'));
      await zinetd.event((record) => record.event === 'closed' && record.service === 'added');
      files.save('one.yaml', files.text('one'));
      await zinetd.event((record) => record.event === 'closed' && record.service === 'moved');
    },
    LONG_MS,
  );

  test(
    'that is new and wrong is told of once, and tried again when it is mended (promise 4)',
    async () => {
      const files = new Files();
      const zinetd = await files.start();
      files.save('two.yaml', 'services: {added: {listen: ');
      await zinetd.event('reload-failed');
      expect(zinetd.log.count('reload-failed')).toBe(1);
      files.save('two.yaml', files.text('added'));
      await serves(zinetd, 'added');
      rmSync(files.path('two.yaml'));
      await zinetd.event((record) => record.event === 'closed' && record.service === 'added');
    },
    LONG_MS,
  );

  test(
    'is seen in a directory that has taken the place of another one, and after that went and came again',
    async () => {
      const files = new Files();
      const zinetd = await files.start();
      mkdirSync(`${files.directory}.next`);
      writeFileSync(join(`${files.directory}.next`, 'one.yaml'), files.text('one', 'next'), { mode: 0o644 });
      renameSync(files.directory, `${files.directory}.last`);
      renameSync(`${files.directory}.next`, files.directory);
      await serves(zinetd, 'next');
      rmSync(files.directory, { recursive: true });
      await zinetd.event('reload-failed');
      mkdirSync(files.directory);
      files.save('one.yaml', files.text('one', 'back'));
      await serves(zinetd, 'back');
      files.save('one.yaml', files.text('one'));
      await zinetd.event((record) => record.event === 'closed' && record.service === 'back');
    },
    LONG_MS,
  );

  test(
    'with `watch: false` waits for HUP',
    async () => {
      const files = new Files();
      const zinetd = await files.start({ watch: false });
      files.save('one.yaml', files.text('one', 'written'));
      files.save('two.yaml', files.text('added'));
      zinetd.signal('SIGHUP');
      await serves(zinetd, 'added');
      await zinetd.event('reloaded');
      files.save('one.yaml', files.text('one'));
      unlinkSync(files.path('two.yaml'));
      zinetd.signal('SIGHUP');
      await zinetd.event('reloaded');
      expect(zinetd.log.count('reloaded')).toBe(2);
    },
    LONG_MS,
  );
});
