import { spawn } from 'node:child_process';

export interface Running {
  /** Waits until standard output matches. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** TERM, and the exit status. */
  stop(): Promise<number | null>;
}

/** A program whose standard output is read, in an environment of PATH alone. */
export function startProcess([program = '', ...args]: readonly string[]): Running {
  const child = spawn(program, args, {
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let errors = '';
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const look of listeners) look();
  });
  return {
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(said);
          if (found) resolve(found);
        };
        listeners.add(look);
        look();
        void ended.then((status) => reject(new Error(`it ended with ${status}: ${said}${errors}`)));
      }),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
