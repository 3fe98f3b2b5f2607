/** Why a text is not an entry of an access list, and what to write instead where that can be said. */
export interface NotationFault {
  readonly reason: string;
  readonly help?: string;
}
