import type { ListenPlace } from './listen-address.ts';

/**
 * What the spawner opens when the dispatcher asks for it, and nothing else: a file to append to, or a socket that is
 * on its way to an address. The dispatcher names it by its row in the launch table.
 */
export type Outlet =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number }
  | ({ readonly kind: 'socket' } & ListenPlace);

/** In place of a row: of a service that is no more, whose outlets the launch table has lost. */
export const NO_OUTLET = -1;
