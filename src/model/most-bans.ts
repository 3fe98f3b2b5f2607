/** The largest `bans.capacity`; the places in the state file are made for so many (docs/decisions/0007). */
export const MOST_BANS: number = 1_048_576;
