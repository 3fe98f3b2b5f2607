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
  /** Instead of all names: sections `dn` and `san` of a configuration file of openssl(1), as they are. */
  readonly sections?: string;
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Any text as it is, in UTF-8. */
const HEAD = 'distinguished_name=dn\nprompt=no\nutf8=yes\nstring_mask=utf8only';

/** Makes them with openssl(1), in a directory. */
export function makePair(
  directory: string,
  { name, names = [name], by, days = 30, sections }: PairOptions,
): Pair {
  const at = (suffix: string): string => join(directory, `${name}.${suffix}`);
  const pair = { certificate: at('pem'), key: at('key') };
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', pair.key);
  chmodSync(pair.key, 0o600);
  const extensions = at('ext');
  const san = sections ? '@san' : names.map((each) => `DNS:${each}`).join(',');
  const own = `subjectAltName=${san}\nbasicConstraints=critical,CA:${by ? 'FALSE' : 'TRUE'}\n`;
  const rest = sections ?? `[dn]\nO=Test\nCN=${name}\n`;
  writeFileSync(extensions, `${own}${rest}`);
  const request = at('req');
  writeFileSync(request, `[req]\n${HEAD}\n${rest}`);
  openssl('req', '-new', '-config', request, '-key', pair.key, '-out', at('csr'));
  const signer = by ? ['-CA', by.certificate, '-CAkey', by.key, '-CAcreateserial'] : ['-signkey', pair.key];
  const args = ['-req', '-in', at('csr'), ...signer, '-days', String(days), '-extfile', extensions];
  openssl('x509', ...args, '-out', pair.certificate);
  return pair;
}

/** The lines of a key between the first and the last. */
export function secretLinesOf({ key }: Pair): readonly string[] {
  return readFileSync(key, 'latin1')
    .split('\n')
    .filter((line) => line.length > 40);
}
