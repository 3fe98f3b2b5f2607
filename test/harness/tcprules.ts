import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './program.ts';
import { scratch } from './scratch.ts';

/** A client as tcpserver would look it up. */
export interface AskedClient {
  readonly address: string;
  readonly name: string | undefined;
}

/** What tcprulescheck says. */
export interface CheckedClient {
  readonly granted: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** A file of rules, and who is asked about. */
export interface Questions {
  readonly rules: string;
  readonly clients: readonly AskedClient[];
}

const SHELLS = 2;
const TIMEOUT_MS = 100_000;
const END = '??\n';

function parseAnswer(text: string): CheckedClient {
  const env = Object.fromEntries(
    Array.from(text.matchAll(/^set environment variable ([^=]+)=(.*)$/gm), ([, name, value]) => [
      name,
      value,
    ]),
  ) as Record<string, string>;
  if (/^(allow|deny) connection$/m.test(text)) return { granted: /^allow/m.test(text), env };
  throw new Error(`tcprulescheck said ${JSON.stringify(text)}`);
}

/** Many at a time in a shell: to start a shell for each would take minutes. */
async function askShell(
  directory: string,
  questions: readonly Questions[],
): Promise<readonly CheckedClient[][]> {
  mkdirSync(directory);
  const [make, check] = [program('tcprules'), program('tcprulescheck')];
  const lines = questions.map(({ rules, clients }, index) => {
    const path = join(directory, `${index}`);
    writeFileSync(path, rules);
    const asked = clients.map(({ address, name }) => {
      const host = name === undefined ? '' : `TCPREMOTEHOST=${name} `;
      return `TCPREMOTEIP=${address} ${host}${check} c; printf '${END.trim()}\\n'`;
    });
    return `${make} c t <${index} || exit 1; ${asked.join('; ')}`;
  });
  const printed = await new Promise<string>((resolve, reject) => {
    const options = { cwd: directory, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile('sh', [], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(`${lines.join('\n')}\n`);
  });
  const answers = printed.split(END).slice(0, -1).map(parseAnswer);
  return questions.map(({ clients }) => answers.splice(0, clients.length));
}

/** What tcprules and tcprulescheck of Debian make of each file of rules. */
export async function tcprulescheck(questions: readonly Questions[]): Promise<readonly CheckedClient[][]> {
  const home = scratch('tcprules');
  const size = Math.ceil(questions.length / SHELLS);
  const parts = Array.from({ length: SHELLS }, (_, index) =>
    questions.slice(index * size, (index + 1) * size),
  );
  return (await Promise.all(parts.map((part, index) => askShell(join(home, `${index}`), part)))).flat();
}
