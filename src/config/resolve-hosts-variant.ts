import type { HostsOption, HostsRule } from '../model/hosts-rules.ts';
import type { Program } from '../model/service.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { Report } from './report.ts';
import { makeSource, type Place } from './source.ts';
import { withIdentity } from './with-identity.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly service: LayeredService;
  readonly daemon: string;
  readonly rule: HostsRule;
  readonly at: Place;
}

const LEAST_NICE = -20;
const MOST_NICE = 19;

/** The rule as a place, for what is wrong with what it asks for. */
function placeOfRule({ rule }: Context): Place {
  const text = `${'\n'.repeat(rule.line - 1)}${rule.text}`;
  return { source: makeSource(rule.file, text), start: rule.line - 1, end: text.length };
}

function withNice(program: Program, increment: number, context: Context): Program {
  const nice = (program.nice ?? 0) + increment;
  if (nice >= LEAST_NICE && nice <= MOST_NICE) return { ...program, nice };
  const message = `Cannot use "nice ${increment}" for service "${context.service.name}": it leads to ${nice}`;
  context.report.add({ code: 'hosts/bad-option', at: placeOfRule(context), message });
  return program;
}

function withVariable(
  program: Program,
  variable: { readonly name: string; readonly value: string },
): Program {
  const { name, value } = variable;
  const others = program.env.filter((entry) => !entry.startsWith(`${name}=`));
  return { ...program, env: [...others, `${name}=${value}`] };
}

function apply(program: Program, option: HostsOption, context: Context): Program {
  const written = context.service.settings.hosts_access?.node;
  switch (option.kind) {
    case 'nice':
      return withNice(program, option.increment, context);
    case 'umask':
      return { ...program, umask: option.mask };
    case 'setenv':
      return withVariable(program, { name: option.name, value: option.parts.join(context.daemon) });
    case 'user':
      return withIdentity(program, { ...context, user: option.user, group: option.group, written });
    case 'group':
      return withIdentity(program, { ...context, group: option.group, written });
    case 'linger':
      return { ...program, lingerSeconds: option.seconds };
    case 'keepalive':
      return { ...program, keepalive: true };
    case 'severity':
    case 'banners':
      return program;
  }
}

/** The program as the options of a rule change it; the same object when they do not. */
export function resolveHostsVariant(program: Program, context: Context): Program {
  return context.rule.options.reduce((changed, option) => apply(changed, option, context), program);
}
