import type { LayeredService } from './layer.ts';
import { parseListen } from './listen.ts';
import { placeOfItem, placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';

interface PlacedName {
  readonly name: string;
  readonly place: Place;
}

function namesOf(service: LayeredService): readonly PlacedName[] {
  const { listen } = service.settings;
  return [listen?.value ?? []].flat().flatMap((written, index) => {
    const text = parseListen(written);
    if ('reason' in text || text.kind !== 'tcpmux') return [];
    return [{ name: text.name, place: placeOfItem(service, { setting: listen, index }) }];
  });
}

/** What a service by tcpmux cannot be: it is one connection, that somebody else has accepted. */
function checkOne(service: LayeredService, report: Report): void {
  const { wait, builtin } = service.settings;
  const [first] = namesOf(service);
  if (!first) return;
  const subject = `Cannot use ${quote('tcpmux://')} in service ${quote(service.name)}`;
  if (wait?.value) {
    const message = `${subject} with "wait": tcpmux accepts the connection`;
    report.add({ code: 'config/conflict', at: placeOfSetting(service, wait), message });
  }
  if (builtin?.value === 'tcpmux') {
    const message = `${subject}: it is tcpmux itself`;
    report.add({ code: 'config/conflict', at: first.place, message });
  }
}

/** Names of tcpmux, each of one enabled service, and whether anybody listens for them. */
export class MuxClaims {
  readonly #first = new Map<string, Place>();
  #hasDoor = false;

  /** Reports what the service cannot be, and names that somebody has already. */
  check(service: LayeredService, report: Report): void {
    const own = new Map<string, Place>();
    for (const { name, place } of namesOf(service)) {
      const first = own.get(name) ?? this.#first.get(name);
      own.set(name, place);
      if (!first) continue;
      report.add({
        code: 'config/duplicate-listener',
        at: place,
        message: `Cannot use ${quote(name)} for tcpmux twice: names differ by more than case`,
        related: [{ at: first, message: 'first used here' }],
      });
    }
    checkOne(service, report);
  }

  /** Nobody else can have them from now on. */
  claim(service: LayeredService): void {
    for (const { name, place } of namesOf(service)) {
      if (!this.#first.has(name)) this.#first.set(name, place);
    }
    this.#hasDoor ||= service.settings.builtin?.value === 'tcpmux';
  }

  /** Once all have claimed: somebody must listen where there are names. */
  checkDoor(report: Report): void {
    const [first] = this.#first.values();
    if (!first || this.#hasDoor) return;
    const message = 'Found no service with "builtin: tcpmux", so that nobody reaches those by tcpmux';
    const help = 'add one that listens on tcp://*:tcpmux';
    report.add({ code: 'config/no-tcpmux', at: first, message, help });
  }
}
