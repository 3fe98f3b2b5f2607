import type { Need } from '../harness/describe-with.ts';
import { isRoot, type TestUser, unprivilegedUser } from '../harness/identity.ts';

/** Who starts zinetd. */
export interface Role {
  readonly title: string;
  readonly needs: readonly Need[];
  /** The user that zinetd itself is started by; undefined: the one who runs the suite. */
  readonly as: TestUser | undefined;
  /** Attributes of a service that is to run as this user: none where there is no choice. */
  userOf(name: string): { readonly user?: string };
}

export const ROLES: readonly Role[] = [
  {
    title: 'as root, with "user" set',
    needs: ['root'],
    as: undefined,
    userOf: (name) => ({ user: name }),
  },
  {
    title: 'without root',
    needs: ['an unprivileged user'],
    as: isRoot ? unprivilegedUser() : undefined,
    userOf: () => ({}),
  },
];
