import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './program.ts';
import { scratch } from './scratch.ts';

/** The two tables of one policy. */
export interface Tables {
  readonly allow: string;
  readonly deny: string;
}

/** A question to `tcpdmatch -d`: its two arguments. */
export interface Asked {
  readonly daemon: string;
  readonly client: string;
}

const SHELLS = 2;
const TIMEOUT_MS = 100_000;

/** What every process of tcp_wrappers finds in /etc: nothing is asked from a network. */
function makeEtc(directory: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(directory);
  const fixed = {
    'nsswitch.conf': 'hosts: files\nnetgroup: files\npasswd: files\ngroup: files\nservices: files\n',
    'host.conf': 'multi off\n',
    passwd: 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n',
    group: 'root:x:0:\ndaemon:x:1:\n',
  };
  for (const [name, text] of Object.entries({ ...fixed, ...files })) {
    writeFileSync(join(directory, name), text);
  }
}

/** Debian's tcp_wrappers, in namespaces of its own, with an /etc and a loopback that are its own. */
export class TcpWrappers {
  readonly #directory = scratch('tcp-wrappers');
  readonly #etc = join(this.#directory, 'etc');
  #policies = 0;

  /** `etc`: more files, such as hosts and netgroup, by name. */
  constructor(etc: Readonly<Record<string, string>>) {
    makeEtc(this.#etc, etc);
  }

  /** Writes the tables into a directory of their own, which is the answer. */
  policy(tables: Tables): string {
    const directory = join(this.#directory, `policy-${this.#policies++}`);
    mkdirSync(directory);
    writeFileSync(join(directory, 'hosts.allow'), tables.allow);
    writeFileSync(join(directory, 'hosts.deny'), tables.deny);
    writeFileSync(join(directory, 'inetd.conf'), '');
    return directory;
  }

  /** A file that rules can name, by its absolute path. */
  patterns(name: string, text: string): string {
    const path = join(this.#directory, name);
    writeFileSync(path, text);
    return path;
  }

  /** What tcpdmatch says of each question: `granted`, `denied`, or what else it printed. */
  async tcpdmatch(
    questions: readonly (Asked & { readonly directory: string })[],
  ): Promise<readonly string[]> {
    const size = Math.ceil(questions.length / SHELLS);
    const parts = Array.from({ length: SHELLS }, (_, index) =>
      questions.slice(index * size, (index + 1) * size),
    );
    return (await Promise.all(parts.map((part) => this.#tcpdmatchInTurn(part)))).flat();
  }

  async #tcpdmatchInTurn(
    questions: readonly (Asked & { readonly directory: string })[],
  ): Promise<readonly string[]> {
    const lines = questions.map(
      ({ directory, daemon, client }) =>
        `cd ${directory}; echo '?'; ${program('tcpdmatch')} -d -i inetd.conf '${daemon}' '${client}' 2>&1`,
    );
    const printed = await this.#inside(['sh'], `${lines.join('\n')}\n`);
    return printed
      .split('?\n')
      .slice(1)
      .map((text) => /^access: {3}(\w+)$/m.exec(text)?.[1] ?? text);
  }

  /** Asks libwrap itself, in one process; see test/fixtures/tcp-wrappers/ask-libwrap.c for the lines. */
  async libwrap(questions: readonly (readonly string[])[]): Promise<readonly string[]> {
    const asker = join(this.#directory, 'ask-libwrap');
    const source = 'test/fixtures/tcp-wrappers/ask-libwrap.c';
    const flags = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror'];
    execFileSync(process.env['CC'] ?? 'cc', [...flags, '-o', asker, source, '-l:libwrap.so.0']);
    const printed = await this.#inside([asker], questions.map((words) => `${words.join('\t')}\n`).join(''));
    return printed.split('\n').slice(0, -1);
  }

  #inside(command: readonly string[], input: string): Promise<string> {
    const enter = `mount --bind ${this.#etc} /etc && ip link set lo up && exec ${command.join(' ')}`;
    const args = ['--mount', '--net', 'sh', '-c', enter];
    return new Promise((resolve, reject) => {
      const options = { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile('unshare', args, options, (error, stdout, stderr) => {
        // The exit code of a shell is that of its last tcpdmatch, which is 1 where it has no answer.
        if (error !== null && (error.code !== 1 || stdout === ''))
          reject(new Error(`${error.message}${stderr}`));
        else resolve(stdout);
      });
      child.stdin?.end(input);
    });
  }
}
