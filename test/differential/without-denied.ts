interface Failure {
  readonly id: string;
  readonly reason: string;
  readonly from: string;
}

function parseFailure(record: string): Failure | undefined {
  const [, id, reason, from] = record.match(/^FAIL: (\S+) (\S+) from=(\S+)$/) ?? [];
  return id && reason && from ? { id, reason, from } : undefined;
}

/** Records without the beginning and the end of processes that did nothing but deny, as a failure tells. */
export function withoutDenied(records: readonly string[], reasons: readonly string[]): readonly string[] {
  const gone = new Set<string>();
  for (const { id, reason, from } of records.flatMap((record) => parseFailure(record) ?? [])) {
    if (!reasons.includes(reason)) continue;
    const start = records.find(
      (record) => record.startsWith(`START: ${id} `) && record.endsWith(` from=${from}`) && !gone.has(record),
    );
    const [pid] = start?.match(/ pid=P\d+/) ?? [];
    if (!start || !pid) continue;
    const exit = records.find((record) => record.startsWith('EXIT: ') && `${record} `.includes(`${pid} `));
    gone.add(start);
    if (exit) gone.add(exit);
  }
  return records.filter((record) => !gone.has(record));
}
