import { chmodSync, cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlReply, controlLine } from '../harness/control-line.ts';
import { copyInstall } from '../harness/copy-install.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

/** zinetd with an installation of its own, for which there is another version in a moment. */
export class Upgraded {
  readonly install = copyInstall();
  readonly control = join(scratch('control'), 'control');
  readonly config = join(scratch('config'), 'zinetd.yaml');

  async start(services: object, options: Partial<StartOptions> = {}): Promise<Zinetd> {
    this.write({ version: 1, services });
    return startZinetd({
      foreign: { format: 'native', file: this.config },
      install: this.install,
      ...options,
      args: ['--control', this.control, ...(options.args ?? [])],
    });
  }

  write(document: object): void {
    writeFileSync(`${this.config}.new`, JSON.stringify({ watch: false, ...document }));
    renameSync(`${this.config}.new`, this.config);
  }

  /** As a package manager does: another file in its place. */
  replace(path: string, content: string): void {
    const file = join(this.install, path);
    writeFileSync(`${file}.new`, content);
    chmodSync(`${file}.new`, 0o755);
    renameSync(`${file}.new`, file);
  }

  /** The file of the version that was started. */
  restore(path: string): void {
    const file = join(this.install, path);
    cpSync(path, `${file}.new`);
    renameSync(`${file}.new`, file);
  }

  newVersion(): void {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as object;
    this.replace('package.json', JSON.stringify({ ...manifest, version: '9.9.9' }));
  }

  async upgrade(): Promise<ControlReply> {
    const line = await controlLine(this.control);
    return line.answer('upgrade').finally(() => line.socket.destroy());
  }
}
