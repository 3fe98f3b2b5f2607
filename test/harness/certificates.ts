import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key, as files. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export interface PairOptions {
  /** Common name, and what it is for unless `names` says otherwise. */
  readonly name: string;
  readonly names?: readonly string[];
  /** Who signs it; by itself otherwise, as one that may sign others. */
  readonly by?: Pair;
  readonly days?: number;
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Makes them with openssl(1), in a directory. */
export function makePair(directory: string, { name, names = [name], by, days = 30 }: PairOptions): Pair {
  const at = (suffix: string): string => join(directory, `${name}.${suffix}`);
  const pair = { certificate: at('pem'), key: at('key') };
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', pair.key);
  chmodSync(pair.key, 0o600);
  const subject = ['-subj', `/O=Test/CN=${name}`, '-key', pair.key];
  const extensions = at('ext');
  const san = `subjectAltName=${names.map((each) => `DNS:${each}`).join(',')}`;
  writeFileSync(extensions, `${san}\nbasicConstraints=critical,CA:${by ? 'FALSE' : 'TRUE'}\n`);
  openssl('req', '-new', ...subject, '-out', at('csr'));
  const signer = by ? ['-CA', by.certificate, '-CAkey', by.key, '-CAcreateserial'] : ['-signkey', pair.key];
  const request = ['-req', '-in', at('csr'), ...signer, '-days', String(days), '-extfile', extensions];
  openssl('x509', ...request, '-out', pair.certificate);
  return pair;
}

/** The lines of a key between the first and the last. */
export function secretLinesOf({ key }: Pair): readonly string[] {
  return readFileSync(key, 'latin1')
    .split('\n')
    .filter((line) => line.length > 40);
}
