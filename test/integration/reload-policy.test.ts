import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { childrenOf, commandLineOf, descriptorCountOf, statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

type Settings = Readonly<Record<string, unknown>>;

/** A file of services that can be written anew, and what includes it; the service is called `it`. */
class Services {
  readonly directory: string = scratch('services');

  constructor(settings: Settings) {
    mkdirSync(join(this.directory, 'services.d'));
    this.write(settings);
  }

  get config(): string {
    return JSON.stringify({ version: 1, include: [join(this.directory, 'services.d', '*.yaml')] });
  }

  write(settings: Settings): void {
    const user = isRoot ? { user: 'nobody' } : {};
    const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user, ...settings };
    this.replace('services.d/it.yaml', JSON.stringify({ services: { it } }));
  }

  /** As mv(1) does. */
  replace(name: string, text: string): void {
    const path = join(this.directory, name);
    writeFileSync(`${path}.new`, text, { mode: 0o644 });
    renameSync(`${path}.new`, path);
  }

  start(options: Partial<StartOptions> = {}): Promise<Zinetd> {
    return startZinetd({ config: this.config, ...options });
  }
}

async function isServed(zinetd: Zinetd): Promise<boolean> {
  return (await ask(zinetd.port('it'), 'hello')) === 'hello';
}

/** Settings that turn away what a list names. */
function blocked(services: Services): Settings {
  return { no_access: [`file:${join(services.directory, 'blocked')}`] };
}

async function startBlocked(list: string): Promise<{ services: Services; zinetd: Zinetd }> {
  const services = new Services({});
  services.replace('blocked', list);
  services.write(blocked(services));
  return { services, zinetd: await services.start() };
}

function nameOf({ pid }: Zinetd): string | undefined {
  return statusOf(pid, 'Name');
}

function resolverOf({ pid }: Zinetd): number | undefined {
  return childrenOf(pid).find((child) => commandLineOf(child).includes('--resolver'));
}

describe('a list in a file', () => {
  test('is in force once another one has been moved to its place, with no restart and no signal (promise 4)', async () => {
    const { services, zinetd } = await startBlocked('192.0.2.1\n');
    const { dispatcherPid } = zinetd;
    expect(await isServed(zinetd)).toBe(true);
    services.replace('blocked', '192.0.2.1\n127.0.0.0/8\n');
    await zinetd.event('reloaded');
    expect(await isServed(zinetd)).toBe(false);
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'address' });
    services.replace('blocked', '192.0.2.1\n');
    await zinetd.event('reloaded');
    expect(await isServed(zinetd)).toBe(true);
    expect(zinetd.dispatcherPid).toBe(dispatcherPid);
  });

  test('with a bad line changes nothing, is told of with its place, and is taken once it is mended (promise 4, S125)', async () => {
    const { services, zinetd } = await startBlocked('192.0.2.1\n');
    services.replace('blocked', '127.0.0.1\n192.0.2.300\n');
    expect(await zinetd.event('reload-failed')).toMatchObject({ level: 'error', reason: 'invalid' });
    expect(await zinetd.event('diagnostic')).toMatchObject({
      code: 'config/list-line',
      text: expect.stringContaining(`"192.0.2.300" in line 2 of "${join(services.directory, 'blocked')}"`),
    });
    expect(await isServed(zinetd)).toBe(true);
    services.replace('blocked', '127.0.0.1\n');
    await zinetd.event('reloaded');
    expect(await isServed(zinetd)).toBe(false);
  });
});

describe('HUP', () => {
  test('every millisecond from when the spawner runs until zinetd serves is a reload or two, no end of it (S122)', async () => {
    const zinetd = await new Services({}).start({ expectFailure: true });
    await until(() => nameOf(zinetd) === 'zinetd-spawner', { what: 'the spawner runs' });
    const storm = setInterval(() => zinetd.signal('SIGHUP'), 1);
    try {
      await zinetd.serving();
    } finally {
      clearInterval(storm);
    }
    await zinetd.event('reloaded');
    expect(await isServed(zinetd)).toBe(true);
  });

  test('puts a changed access list in force, and lets handlers that run go on (promise 4, S123)', async () => {
    const services = new Services({ only_from: ['127.0.0.0/8'] });
    const zinetd = await services.start();
    const client = await connect(zinetd.port('it'));
    client.send('before ');
    await client.readUntil('before ');
    services.write({ only_from: ['192.0.2.0/24'] });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    expect(await isServed(zinetd)).toBe(false);
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  });

  test('starts the resolver for the first name in a list, and ends it with the last one', async () => {
    const services = new Services({ only_from: ['192.0.2.0/24'] });
    const zinetd = await services.start();
    const descriptors = descriptorCountOf(zinetd.pid);
    expect(resolverOf(zinetd)).toBeUndefined();
    expect(await isServed(zinetd)).toBe(false);
    services.write({ only_from: ['192.0.2.0/24', 'localhost'] });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    expect(await isServed(zinetd)).toBe(true);
    expect(resolverOf(zinetd)).toBeDefined();
    services.write({ only_from: ['192.0.2.0/24'] });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    expect(await isServed(zinetd)).toBe(false);
    await until(() => resolverOf(zinetd) === undefined, { what: 'the resolver is gone' });
    expect(descriptorCountOf(zinetd.pid)).toBe(descriptors);
  });
});
