/** What the rules name and somebody else has to read. */
export interface HostsLookups {
  /** The text of a file of patterns; undefined when it cannot be read. */
  readPatterns(path: string): string | undefined;
  /**
   * The names of the hosts of a netgroup; an empty name is an entry that means every host. Undefined when there
   * is no such netgroup.
   */
  netgroup(name: string): readonly string[] | undefined;
}
