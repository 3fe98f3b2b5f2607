/** The options of `zinetd serve`, named as the attributes of a service. */
export interface ServeOptions {
  readonly name: string;
  readonly listen: string;
  /** Absolute. */
  readonly server: string;
  readonly argv0: string;
  readonly serverArgs: readonly string[];
  readonly user: string | undefined;
  readonly group: string | undefined;
  readonly instances: number | undefined;
  readonly backlog: number | undefined;
  readonly cwd: string | undefined;
  readonly passEnv: readonly string[];
}

/** A configuration of one service, as text, so that it is read and checked like any other. */
export function serveDocument(options: ServeOptions): string {
  const { user, group, instances, backlog, cwd } = options;
  const service = {
    listen: options.listen,
    server: options.server,
    argv0: options.argv0,
    server_args: options.serverArgs,
    pass_env: options.passEnv,
    ...{ user, group, instances, backlog, cwd },
  };
  return `${JSON.stringify({ version: 1, services: { [options.name]: service } }, undefined, 2)}\n`;
}
