import type { ErrorCode, MethodName, Methods } from './messages.ts';

/** What a socket is for, and with it whoever is at it. */
export type Access = 'read' | 'admin';

/** One request, as the one who carries it out sees it. It is answered once, by `result` or by `error`. */
export interface Call<Name extends MethodName> {
  readonly params: Methods[Name]['params'];
  readonly access: Access;
  /** Whether the client has not too much to read already: what goes on leaves things out then. */
  hasRoom(): boolean;
  item(item: Methods[Name]['item']): void;
  result(result: Methods[Name]['result']): void;
  /** `message` has the grammar of a diagnostic. */
  error(code: ErrorCode, message: string): void;
  /** Calls back if the client leaves before it is answered; answers go nowhere then, and must still be given. */
  whenLeft(callback: () => void): void;
}

/** One row for each method. */
export type Handlers = { readonly [Name in MethodName]: (call: Call<Name>) => void };
