import { spawn } from 'node:child_process';

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const DEADLINE_MS = 15_000;

/** Runs a program to its end, without a terminal, and with nothing in its environment but PATH and `env`. */
export function runProgram(
  argv: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string;
    readonly cwd?: string;
    readonly timeoutMs?: number;
  } = {},
): Promise<Ran> {
  const [path = '', ...args] = argv;
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...options.env };
  const child = spawn(path, args, { env, cwd: options.cwd, timeout: options.timeoutMs ?? DEADLINE_MS });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, ...text }));
  });
}
