/**
 * Records of services of which there are no processes, only the server itself: none has a pid, and whatever began
 * has an end.
 */
export function withoutProcess(records: readonly string[], ids: readonly string[]): readonly string[] {
  const isOf = (kind: string, id: string) => (record: string) => record.startsWith(`${kind}: ${id} `);
  const isOurs = (record: string) => ids.some((id) => isOf('START', id)(record) || isOf('EXIT', id)(record));
  const hidden = records.map((record) =>
    isOurs(record) ? record.replace(/ pid=\w+/, ' pid=0').replace(/signal=\d+/, 'status=0') : record,
  );
  const missing = ids.flatMap((id) => {
    const count = hidden.filter(isOf('START', id)).length - hidden.filter(isOf('EXIT', id)).length;
    return Array.from({ length: count }, () => `EXIT: ${id} status=0 pid=0 duration=N(sec)`);
  });
  return [...hidden, ...missing];
}
