import { expect, test } from 'vitest';
import { SyscallError } from '../../src/model/errors.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadService, loadText, oneService, places } from './load-text.ts';

const UNUSABLE = [
  '0day',
  '0x0',
  '1e3',
  '-1',
  '4294967295',
  '00',
  '+0',
  ' root',
  'root ',
  '',
  'nobody\n',
  'a'.repeat(300),
  'unknown',
];

test('no odd spelling of a user falls open: each is an error at its place, and nothing runs (S24)', () => {
  for (const user of [...UNUSABLE, -1, 4294967295, 1.5, true, null, ['root']]) {
    const text = `version: 1\nservices:\n  s:\n    listen: "tcp://127.0.0.1:0"\n    server: /bin/true\n    user: ${JSON.stringify(user)}\n`;
    const result = loadText(text);
    expect(result.config, JSON.stringify(user)).toBeUndefined();
    expect(places(result).map((place) => place.split(' ')[0])).toEqual(['6:11']);
  }
});

test('no odd spelling of a user without quotes falls open either (S24)', () => {
  for (const user of ['0day', '0x0', '1e3', '-1', '4294967295', '00', '+0', '0o0', '1_000', '~', '.inf']) {
    const text = `version: 1\nservices:\n  s:\n    listen: "tcp://127.0.0.1:0"\n    server: /bin/true\n    user: ${user}\n`;
    const result = loadText(text);
    expect(result.config, user).toBeUndefined();
    expect(result.diagnostics[0]?.span.range?.line, user).toBe(6);
  }
});

test('no odd spelling of a group is taken (S24)', () => {
  for (const group of UNUSABLE) {
    expect(loadText(oneService({ group })).config, group).toBeUndefined();
    expect(loadText(oneService({ groups: [group] })).config, group).toBeUndefined();
  }
});

test('root must name a user for each service (S145)', () => {
  const text = oneService({ user: undefined });
  expect(codes(loadText(text))).toEqual(['config/user-required']);
});

test('root is run only where "user: root" is written (S145)', () => {
  expect(loadService({ user: 'root' }).programs[0]?.identity).toEqual({ uid: 0, gid: 0, groups: [] });
  for (const user of [0, '0', 'toor']) {
    expect(codes(loadText(oneService({ user }))), String(user)).toEqual(['config/root-by-another-name']);
  }
});

test('no service runs as the dispatcher or the resolver, whatever its uid is called', () => {
  for (const user of ['zinetd', 999, 61184])
    expect(codes(loadText(oneService({ user })))).toEqual(['config/dispatcher-user']);
});

test('the group is that of the user, and no other group is given', () => {
  expect(loadService({ user: 'ftp' }).programs[0]?.identity).toEqual({ uid: 110, gid: 120, groups: [] });
  expect(loadService({ user: 110 }).programs[0]?.identity).toEqual({ uid: 110, gid: 120, groups: [] });
  expect(loadService({ user: '110', group: 'daemon' }).programs[0]?.identity).toEqual({
    uid: 110,
    gid: 1,
    groups: [],
  });
});

test('groups are those of the user, or exactly those listed', () => {
  expect(loadService({ user: 'ftp', groups: true }).programs[0]?.identity?.groups).toEqual([120, 1]);
  expect(loadService({ user: 'ftp', groups: ['daemon', 7, '8'] }).programs[0]?.identity?.groups).toEqual([
    1, 7, 8,
  ]);
});

test('a uid without passwd entry needs its group written', () => {
  expect(codes(loadText(oneService({ user: 4242 })))).toEqual(['config/group-required']);
  expect(codes(loadText(oneService({ user: 4242, group: 7, groups: true })))).toEqual([
    'config/group-required',
  ]);
  expect(loadService({ user: 4242, group: 7 }).programs[0]?.identity).toEqual({
    uid: 4242,
    gid: 7,
    groups: [],
  });
});

test('every unknown name of an identity is reported at once', () => {
  const result = loadText(oneService({ user: 'nope', group: 'nope', groups: ['daemon', 'nope'] }));
  expect(codes(result)).toEqual(['config/unknown-user', 'config/unknown-group', 'config/unknown-group']);
});

test('a name service that fails is not one that knows nobody (S25)', () => {
  const host = fakeHost({
    findUser: () => {
      throw new SyscallError({ call: 'look up user', subject: 'nobody', code: 'EIO' });
    },
  });
  expect(codes(loadText(oneService({}), host))).toEqual(['config/look-up-failed']);
});

test('without root a service runs as the caller, and what says otherwise is warned of', () => {
  const host = fakeHost({ ownerUid: 1000, dispatcherUid: undefined });
  for (const attributes of [{ user: undefined }, { user: 'me' }, { user: 1000, group: 'me', groups: true }]) {
    const result = loadText(oneService(attributes), host);
    expect(codes(result)).toEqual([]);
    expect(result.config?.services[0]?.programs[0]?.identity).toBeUndefined();
  }
  const others = [
    { user: 'nobody' },
    { user: 'me', group: 'daemon' },
    { user: 'me', groups: false },
    { user: 'me', groups: ['root'] },
    { user: undefined, dynamic_user: true },
  ];
  for (const attributes of others) {
    const result = loadText(oneService(attributes), host);
    expect(codes(result)).toEqual(['config/cannot-change-identity']);
    expect(result.config?.services[0]?.programs[0]?.identity).toBeUndefined();
  }
});

test('root without the power to become another runs "user: root" as itself, and nobody else (S24)', () => {
  const host = fakeHost({ isPowerless: true, dispatcherUid: undefined, resolverUid: undefined });
  expect(loadService({ user: 'root' }, host).programs[0]?.identity).toBeUndefined();
  for (const settings of [
    { user: 'ftp' },
    { user: 'root', group: 'ftp' },
    { user: 'root', groups: ['ftp'] },
  ]) {
    expect(codes(loadText(oneService(settings), host))).toEqual(['config/powerless-root']);
  }
  expect(codes(loadText(oneService({ user: undefined }), host))).toEqual(['config/user-required']);
});

test('root is root without a passwd entry too, and no other name is (S24)', () => {
  const host = fakeHost({ findUser: () => undefined });
  expect(loadService({ user: 'root', group: 0 }, host).programs[0]?.identity?.uid).toBe(0);
  expect(codes(loadText(oneService({ user: 'root' }), host))).toEqual(['config/group-required']);
  expect(codes(loadText(oneService({ user: 'toor', group: 0 }), host))).toEqual(['config/unknown-user']);
});

test('without root there is no dynamic user, and a warning says so', () => {
  const host = fakeHost({ ownerUid: 1000, dispatcherUid: undefined });
  const { diagnostics, config } = loadText(oneService({ user: undefined, dynamic_user: true }), host);
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    [
      'config/cannot-change-identity',
      'Cannot take a user by "dynamic_user": only root can, the handlers run as you',
    ],
  ]);
  expect(config?.services[0]?.programs[0]?.identity).toBeUndefined();
  expect(codes(loadText(oneService({ user: undefined, dynamic_user: false }), host))).toEqual([]);
});

/** The uids that services of these names have, all of them by "dynamic_user". */
function dynamicUids(names: readonly string[], host = fakeHost()): readonly number[] {
  const base = { listen: 'tcp://127.0.0.1:0', server: '/bin/true', dynamic_user: true };
  const services = Object.fromEntries(names.map((name) => [name, base]));
  const { config } = loadText(JSON.stringify({ version: 1, services }), host);
  return config?.services.map(({ programs: [program] }) => program?.identity?.uid ?? 0) ?? [];
}

test('a dynamic user is of the range that is free for such, and the same at every start (S35)', () => {
  const [uid = 0] = dynamicUids(['s']);
  expect([uid >= 61184, uid <= 65519]).toEqual([true, true]);
  expect(dynamicUids(['s'])).toEqual([uid]);
  expect(loadService({ user: undefined, dynamic_user: true }).programs[0]?.identity).toEqual({
    ...{ uid, gid: uid, groups: [] },
  });
});

test('no two services have one dynamic user, and none is that of a user or of zinetd itself (S35, S87, S145)', () => {
  // Of four thousand numbers, at which several of so many names begin.
  const names = Array.from({ length: 400 }, (_, index) => `s${index}`);
  const uids = dynamicUids(names);
  expect([uids.length, new Set(uids).size]).toEqual([400, 400]);
  const [first = 0] = uids;
  const taken = [first, first + 1, first + 2];
  const host = fakeHost({
    dispatcherUid: first,
    resolverUid: first + 1,
    findUserById: (uid) => (uid === first + 2 ? { name: 'somebody', uid, gid: uid } : undefined),
  });
  expect(taken).not.toContain(dynamicUids(['s0'], host)[0]);
});

/** A service with a dynamic user beside another, which is written with these. */
function besideDynamic(attributes: Readonly<Record<string, unknown>>, host = fakeHost()) {
  const base = { listen: 'tcp://127.0.0.1:0', server: '/bin/true' };
  const services = { s: { ...base, dynamic_user: true }, t: { ...base, user: 'nobody', ...attributes } };
  return loadText(JSON.stringify({ version: 1, services }, null, 1), host);
}

test('nobody is written with the number that another service has by "dynamic_user" (S35)', () => {
  const uid = besideDynamic({}).config?.services[0]?.programs[0]?.identity?.uid ?? 0;
  expect([uid >= 61184, uid <= 65519]).toEqual([true, true]);
  const written = [{ user: uid, group: 1 }, { group: uid }, { groups: [1, uid] }];
  for (const [index, name] of (['user', 'group', 'groups'] as const).entries()) {
    const { diagnostics } = besideDynamic(written[index] ?? {});
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'config/conflict',
        `Cannot use ${uid} as "${name}" of service "t": service "s" has it by "dynamic_user"`,
      ],
    ]);
    expect(diagnostics[0]?.span.range?.lineText).toContain(`"${name}": `);
    expect(diagnostics[0]?.related[0]?.span.range?.lineText).toContain('dynamic_user');
  }
  expect(codes(besideDynamic({ user: uid + 1, group: 1 }))).toEqual([]);
});

test('a user whom only its name leads to has no dynamic number either (S35)', () => {
  const uid = besideDynamic({}).config?.services[0]?.programs[0]?.identity?.uid ?? 0;
  const host = fakeHost({ findUser: (name) => ({ name, uid, gid: 100 }) });
  expect(codes(besideDynamic({ user: 'ghost' }, host))).toEqual(['config/conflict']);
});
