/** No place on the dice that a soft limit could refuse: what lies between soft and hard is shown in the trace. */
export const SURE_ROLL: number = 1 - Number.EPSILON;
