import { chownSync, readFileSync } from 'node:fs';
import { scratch } from '../harness/scratch.ts';

/** Somebody who can log in where these files are. */
export interface Account {
  readonly name: string;
  readonly password: string;
  readonly uid: number;
  readonly home: string;
  /** By their absolute paths. */
  readonly files: Readonly<Record<string, string>>;
}

/** At most eleven bytes, which is all that talk can carry. */
const NAME = 'guest';
const UID = 64_001;
const PASSWORD = 'open sesame';
const HASH =
  '$6$ofthetests$NYyYe6uS0G8Fg2a7DyrzA1.PreQCKEerNI88AhthFnicc56l06jW8mIp3iSVtzk2/OLbICQ9cFUDn1vRyrqRp0';

/** An account with an empty home, and with those besides that daemons need to be themselves. */
export function account(daemons: readonly string[] = []): Account {
  const home = scratch('home');
  chownSync(home, UID, UID);
  const others = daemons.map(
    (name, index) => `${name}:x:${UID + 1 + index}:65534::/nonexistent:/bin/false\n`,
  );
  const guest = `${NAME}:x:${UID}:${UID}:A guest:${home}:/bin/sh\n`;
  const files = {
    '/etc/passwd': `${guest}${others.join('')}${readFileSync('/etc/passwd', 'utf8')}`,
    '/etc/group': `${NAME}:x:${UID}:\n${readFileSync('/etc/group', 'utf8')}`,
    '/etc/shadow': `${NAME}:${HASH}:19000:0:99999:7:::\n`,
  };
  return { name: NAME, password: PASSWORD, uid: UID, home, files };
}
