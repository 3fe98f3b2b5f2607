import type { Code } from '../../config/codes.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { Directive } from './directive.ts';
import type { RlinetdService } from './rlinetd-service.ts';
import type { Token } from './token.ts';

/** What the rest of a service hangs on. */
export interface ServiceShape {
  readonly kind: 'program' | 'builtin';
  readonly transport: 'tcp' | 'udp';
  /** Its program gets the socket itself: so it is with all datagrams. */
  readonly isWaiting: boolean;
  readonly isRpc: boolean;
}

/** What putting a service in our words needs. */
export interface ServiceContext {
  readonly service: RlinetdService;
  readonly report: Report;
}

export interface ShapedService extends ServiceContext {
  readonly shape: ServiceShape;
}

/** The first value of a setting. */
export function firstOf({ settings }: RlinetdService, name: string): Token | undefined {
  return settings.get(name)?.values[0];
}

export function isOn(service: RlinetdService, name: string): boolean {
  return firstOf(service, name)?.text === 'yes';
}

/** What it does under this name, the first of all. */
export function actionOf({ actions }: RlinetdService, name: string): Directive | undefined {
  return actions.find((action) => action.name.text === name);
}

export interface Remark {
  readonly code: Code;
  readonly at: Place;
  /** What was done, up to "for service". */
  readonly did: string;
  readonly why: string;
  readonly help?: string | undefined;
}

/** Something about a service that the one who wrote it should know. */
export function remark({ service, report }: ServiceContext, { code, at, did, why, help }: Remark): void {
  const message = `${did} service ${quote(service.name.text)}: ${why}`;
  report.add({ code, at, message, help });
}

/** What rlinetd has and zinetd has not, and without which the service is still the same to most. */
export function warnOfLoss(
  context: ServiceContext,
  { name }: Directive,
  { why, help }: { readonly why: string; readonly help?: string },
): void {
  const did = `Left out "${name.text}" of`;
  remark(context, { code: 'rlinetd/no-counterpart', at: name.place, did, why, help });
}

/** What rlinetd has and zinetd has not, and without which the service would be another one. */
export function refuseAction(
  context: ServiceContext,
  { name }: Directive,
  { why, help }: { readonly why: string; readonly help?: string },
): undefined {
  const did = `Cannot carry out "${name.text}" of`;
  remark(context, { code: 'rlinetd/not-supported', at: name.place, did, why, help });
}
