/** One service as the dispatcher knows it; its index is that of the launch table. */
export interface ServicePolicy {
  readonly name: string;
  readonly instances: number;
  /** In the order of the launch table, for messages; addresses as plain numbers, since this travels as JSON. */
  readonly listeners: readonly {
    readonly family: 4 | 6;
    readonly bytes: readonly number[];
    readonly port: number;
    readonly scopeId: number;
  }[];
}

export interface Policy {
  readonly services: readonly ServicePolicy[];
}
