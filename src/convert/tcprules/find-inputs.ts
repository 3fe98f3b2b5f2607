import { basename, dirname, posix, resolve } from 'node:path';
import type { ForeignContext } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import { isDirectory, type SourceFiles, statsOf } from '../source-files.ts';

/** What one path of the command line is. */
export type Input =
  | {
      readonly kind: 'script';
      readonly path: string;
      readonly name: string | undefined;
      readonly file: ForeignFile;
    }
  | { readonly kind: 'rules'; readonly path: string };

/** Programs whose name makes a file a script, or a command line. */
const PROGRAM =
  /^(?:[^#\n:]*[\s/])?(?:tcpserver|sslserver|tcpsvd|sslsvd|udpsvd|s6-tcpserver[46]?|s6-tlsserver)(?:\s|$)/m;

/** `run` of a supervised service is called as its directory is. */
function scriptName(path: string): string | undefined {
  return basename(path) === 'run' ? basename(dirname(path)) : undefined;
}

function refuseCdb(path: string, { report }: ForeignContext): undefined {
  const source = path.replace(/\.cdb$/, '');
  const message = `Cannot read ${quote(path)}: it is what tcprules made of the rules`;
  const help = statsOf(source) ? `name ${quote(source)}, which lies beside it` : 'name the file of the rules';
  report.add({ code: 'tcprules/cdb', at: { file: path }, message, help });
}

/** What the command line names; undefined after a report. */
export function findInput(
  path: string,
  context: ForeignContext & { readonly files: SourceFiles },
): Input | undefined {
  const own = resolve(path);
  const script = posix.join(own, 'run');
  if (isDirectory(own) && !statsOf(script)) return { kind: 'rules', path: own };
  if (path.endsWith('.cdb')) return refuseCdb(path, context);
  const name = isDirectory(own) ? script : own;
  const file = context.files.read(name, { file: path });
  if (!file) return undefined;
  const isScript = name === script || file.source.text.startsWith('#!') || PROGRAM.test(file.source.text);
  return isScript
    ? { kind: 'script', path: name, name: scriptName(name), file }
    : { kind: 'rules', path: name };
}
