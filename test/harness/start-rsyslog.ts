import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { UNPACKED } from './prepare-packages.ts';
import { program } from './program.ts';
import { scratch } from './scratch.ts';
import { until } from './until.ts';

/** A message as rsyslogd understood it. */
export interface SyslogMessage {
  readonly input: string;
  readonly facility: string;
  readonly severity: string;
  readonly host: string;
  readonly tag: string;
  readonly id: string;
  readonly text: string;
}

const FIELDS = ['inputname', 'syslogfacility-text', 'syslogseverity-text', 'hostname', 'syslogtag', 'msgid'];
const UNPACKED_MODULES = resolve(UNPACKED, 'usr/lib/x86_64-linux-gnu/rsyslog');
const STOP_MS = 10_000;

/** The real rsyslogd, with a socket of its own, that writes what it gets into a file. */
export class Rsyslog {
  readonly directory: string = scratch('rsyslog');
  readonly #port: number;
  #child: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
    writeFileSync(join(this.directory, 'conf'), this.#configuration());
    onTestFinished(() => this.stop());
  }

  /** As /dev/log. */
  get socket(): string {
    return join(this.directory, 'dev-log');
  }

  async start(): Promise<void> {
    const modules = existsSync(UNPACKED_MODULES) ? ['-M', UNPACKED_MODULES] : [];
    const at = (name: string) => join(this.directory, name);
    const args = ['-n', '-f', at('conf'), '-i', at('pid'), ...modules];
    const stdio = ['ignore', 'ignore', 'inherit'] as const;
    this.#child = spawn(program('rsyslogd') ?? 'rsyslogd', args, { stdio: [...stdio] });
    await until(() => existsSync(at('pid')) && existsSync(this.socket), { what: 'rsyslogd is ready' });
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Ends it, as a machine that fails does unless it says otherwise. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child) await this.#end(this.#child, signal);
  }

  /** Everything that has come so far. */
  messages(): readonly SyslogMessage[] {
    const path = join(this.directory, 'out');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const [input = '', facility = '', severity = '', host = '', tag = '', id = '', ...text] =
        line.split('|');
      return { input, facility, severity, host, tag, id, text: text.join('|').trim() };
    });
  }

  async #end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
    child.kill(signal);
    await ended;
  }

  #configuration(): string {
    const template = FIELDS.map((field) => `%${field}%|`).join('');
    const out = join(this.directory, 'out');
    return `
global(workDirectory="${this.directory}")
module(load="imuxsock" SysSock.Use="off")
module(load="imudp")
module(load="imtcp")
input(type="imuxsock" Socket="${this.socket}" CreatePath="on")
input(type="imudp" Address="127.0.0.1" Port="${this.#port}")
input(type="imtcp" Address="127.0.0.1" Port="${this.#port}")
template(name="fields" type="string" string="${template}%msg%\\n")
action(type="omfile" file="${out}" template="fields")
`;
  }
}
