import { callsOf } from '../model/calls-of.ts';
import type { Denial, HandlerFilter } from '../model/handler-filter.ts';
import { SYSCALL_NAMES, type SyscallName } from '../model/syscall-numbers.ts';
import { type CallEntry, parseCallEntry } from './call-entry.ts';
import type { LayeredService } from './layer.ts';
import { placeOfItem, placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';

type Denials = Map<SyscallName, Denial>;
type Calls = Pick<HandlerFilter, 'denied' | 'nameless'>;

/** What it does, no filter sees: it makes sockets and opens files (S38). A group never allows it. */
const IO_URING: readonly SyscallName[] = ['io_uring_setup', 'io_uring_enter', 'io_uring_register'];

const ARGUMENT_ATTRIBUTES = ['restrict_address_families', 'restrict_suid_sgid'] as const;

/** Where the list begins: with what every program needs, or with everything. */
function beginning(isAllowList: boolean, error: Denial): Denials {
  const denials: Denials = new Map();
  if (isAllowList) for (const name of SYSCALL_NAMES) denials.set(name, error);
  if (isAllowList) for (const name of callsOf('@default')) denials.delete(name);
  for (const name of IO_URING) denials.set(name, 'EPERM');
  return denials;
}

/** False where there was nothing for it to do. */
function applyEntry(
  denials: Denials,
  options: { readonly entry: CallEntry; readonly error: Denial },
): boolean {
  const { subject, isDenied, denial = options.error } = options.entry;
  const isGroup = subject.startsWith('@');
  const calls = callsOf(subject).filter((name) => isDenied || !isGroup || !IO_URING.includes(name));
  if (!isDenied) return calls.map((name) => denials.delete(name)).includes(true);
  for (const name of calls) denials.set(name, denial);
  return true;
}

interface Context {
  readonly service: LayeredService;
  readonly report: Report;
}

function reportUseless(text: string, { service, report, index }: Context & { index: number }): void {
  const setting = service.settings.system_calls;
  report.add({
    code: 'config/invalid-value',
    at: placeOfItem(service, { setting, index }),
    message: `Cannot allow ${quote(text)} in service ${quote(service.name)}: "system_calls" begins with "~", so that only what it denies can be allowed again`,
    help: `write "~${text}" to deny it`,
  });
}

/** Without execve, the handler itself could not be started. */
function checkStart(denials: Denials, { service, report }: Context): void {
  if (!denials.has('execve')) return;
  report.add({
    code: 'config/invalid-value',
    at: placeOfSetting(service, service.settings.system_calls),
    message: `Cannot deny "execve" in service ${quote(service.name)}: the handler is started by it`,
  });
}

function checkIoUring(denials: Denials, { service, report }: Context): void {
  if (IO_URING.every((name) => denials.has(name))) return;
  for (const name of ARGUMENT_ATTRIBUTES) {
    const setting = service.settings[name];
    if (!setting || setting.value === false) continue;
    report.add({
      code: 'config/conflict',
      at: placeOfSetting(service, service.settings.system_calls),
      message: `Cannot allow io_uring in service ${quote(service.name)}: it does what ${quote(name)} denies, unseen by any filter`,
    });
  }
}

/** Which calls are denied whatever their arguments. Entries count in turn, and the first says what kind of list it is. */
export function resolveCalls(service: LayeredService, report: Report): Calls {
  const { system_calls: setting, system_call_error: written } = service.settings;
  const error = (written?.value ?? 'EPERM') as Denial;
  const entries = setting?.value ?? [];
  const isAllowList = entries[0]?.startsWith('~') === false;
  const denials = beginning(isAllowList, error);
  for (const [index, text] of entries.entries()) {
    const entry = parseCallEntry(text);
    if ('reason' in entry || applyEntry(denials, { entry, error }) || isAllowList) continue;
    reportUseless(text, { service, report, index });
  }
  checkStart(denials, { service, report });
  checkIoUring(denials, { service, report });
  const denied = Array.from(denials, ([name, denial]) => ({ name, denial }));
  return { denied, nameless: isAllowList ? 'ENOSYS' : 'allow' };
}
