import { describe, expect, test } from 'vitest';
import { chooseDispatcherUid, chooseResolverUid } from '../../src/cli/dispatcher-uid.ts';
import type { HostNames } from '../../src/native/host-names.ts';

/** A machine on which these uids are taken, and `zinetd` is the uid of such a user. */
function machine(taken: readonly number[], zinetd?: number): HostNames {
  const user = (uid: number) => ({ name: `user${uid}`, uid, gid: uid });
  return {
    findUser: (name) => (name === 'zinetd' && zinetd !== undefined ? user(zinetd) : undefined),
    findUserById: (uid) => (taken.includes(uid) ? user(uid) : undefined),
    findGroup: () => undefined,
    groupsOf: () => [],
    findAddresses: () => [],
    findPort: () => undefined,
    findRpcProgram: () => undefined,
    findNetgroup: () => undefined,
    findInterface: () => undefined,
    findNetwork: () => undefined,
  };
}

function chosen(names: HostNames): readonly (number | undefined)[] {
  const dispatcher = chooseDispatcherUid(names);
  return [dispatcher, dispatcher === undefined ? undefined : chooseResolverUid(names, dispatcher)];
}

describe('the uids of dispatcher and resolver', () => {
  test.each([
    ['with no user zinetd', machine([]), [61184, 61185]],
    ['with uids taken', machine([61184, 61186, 61187]), [61185, 61188]],
    ['with a user zinetd', machine([999], 999), [999, 61184]],
    ['with a user zinetd among dynamic users', machine([61190], 61190), [61190, 61191]],
    ['with a user zinetd that is the last dynamic one', machine([65519], 65519), [65519, 61184]],
  ])('are two that nobody has, %s', (_, names, uids) => {
    expect(chosen(names)).toEqual(uids);
  });

  test('are none where all are taken', () => {
    const all = Array.from({ length: 65519 - 61184 + 1 }, (_, index) => 61184 + index);
    expect(chosen(machine(all))).toEqual([undefined, undefined]);
    expect(chosen(machine(all, 999))).toEqual([999, undefined]);
  });
});
