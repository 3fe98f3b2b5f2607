import type { Host } from '../../config/host.ts';
import type { LayeredService } from '../../config/layer.ts';
import type { Report } from '../../config/report.ts';
import { accessLines } from './access-lines.ts';
import { checkAttributes } from './check-attributes.ts';
import { laterLines } from './later-lines.ts';
import { listenLines } from './listen-lines.ts';
import { programLines } from './program-lines.ts';
import { sandboxLines } from './sandbox-lines.ts';
import { limitLines, socketLines } from './socket-lines.ts';
import { inSocket, type UnitContext, type UnitLine } from './unit-writer.ts';

/** A unit of systemd, to be written to a file of its name. */
export interface UnitFile {
  readonly name: string;
  readonly text: string;
}

export interface ToSystemdOptions {
  readonly report: Report;
  /** Where ports have names; without it a name is no port. */
  readonly host?: Pick<Host, 'findPort'> | undefined;
}

function linesOf(context: UnitContext, { host }: ToSystemdOptions): readonly UnitLine[] {
  checkAttributes(context);
  return [
    ...listenLines(context, host),
    inSocket('Accept', context.isWaiting ? 'no' : 'yes'),
    ...socketLines(context),
    ...limitLines(context),
    ...accessLines(context),
    ...programLines(context),
    ...sandboxLines(context),
    ...laterLines(context),
  ];
}

function section(name: string, lines: readonly string[]): string {
  return `[${name}]\n${lines.map((line) => `${line}\n`).join('')}`;
}

function render(lines: readonly UnitLine[], unit: UnitLine['unit']): readonly string[] {
  return lines.filter((line) => line.unit === unit).map(({ name, value }) => `${name}=${value}`);
}

/** The socket unit and the service that it starts. */
function unitsOf({ service, isWaiting }: UnitContext, lines: readonly UnitLine[]): readonly UnitFile[] {
  const { name, settings } = service;
  const about = (what: string): string => section('Unit', [`Description=${name}, ${what}`]);
  // One that failed would keep its place among those that are allowed.
  const instance = section('Unit', [`Description=${name}, a connection`, 'CollectMode=inactive-or-failed']);
  const install = settings.enabled?.value === false ? [] : [section('Install', ['WantedBy=sockets.target'])];
  return [
    {
      name: `${name}.socket`,
      text: [about('its socket'), section('Socket', render(lines, 'socket')), ...install].join('\n'),
    },
    {
      name: isWaiting ? `${name}.service` : `${name}@.service`,
      text: [isWaiting ? about('its program') : instance, section('Service', render(lines, 'service'))].join(
        '\n',
      ),
    },
  ];
}

/**
 * Services as units of systemd, with a warning for each thing that these have no words for. A service that would be another one
 * there is left out alone, if the report can do without it.
 */
export function toSystemd(
  services: readonly LayeredService[],
  options: ToSystemdOptions,
): readonly UnitFile[] {
  const { report } = options;
  return services.flatMap((service) => {
    const context = { service, report, isWaiting: service.settings.wait?.value === true };
    const lines = report.alone(() => linesOf(context, options));
    return lines ? unitsOf(context, lines) : [];
  });
}
