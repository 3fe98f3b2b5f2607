/** Kinds of records, in the order in which those of one connection come. */
const KINDS = ['START', 'FAIL', 'USERID', 'NOID', 'TRAFFIC', 'EXIT'];

function kindOf(record: string): string {
  return record.slice(0, record.indexOf(':'));
}

/** Processes are numbered in the order of their first records; 0 stays, which means that there is none. */
function renumber(records: readonly string[]): readonly string[] {
  const names = new Map([['0', '0']]);
  const nameOf = (pid: string) => {
    const known = names.get(pid) ?? `P${names.size}`;
    names.set(pid, known);
    return known;
  };
  return records.map((record) => record.replace(/(?<= pid=)\w+/, nameOf));
}

/**
 * Records of different processes come in any order: those of a kind keep theirs, but ends are sorted. A record of no
 * such kind comes last.
 */
export function canonicalRecords(records: readonly string[]): readonly string[] {
  const numbered = renumber(records);
  const ofKind = (kind: string) => numbered.filter((record) => kindOf(record) === kind);
  const ordered = KINDS.flatMap((kind) => (kind === 'EXIT' ? ofKind(kind).sort() : ofKind(kind)));
  return [...ordered, ...numbered.filter((record) => !KINDS.includes(kindOf(record)))];
}
