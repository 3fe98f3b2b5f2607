/** What `h` shows. */
export const HELP: readonly string[] = [
  '',
  's, right   sort by the next column        r        the other way round',
  'left       sort by the one before         /        only some names',
  'j, down    scroll down                    p        pause, and go on',
  'k, up      scroll up                      Ctrl-L   draw anew',
  'PgDn PgUp  a page                         h, ?     this, and back',
  'g, G       first, last                    q        quit',
];
