import type { Identity, Service } from '../model/service.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';

interface Resolved {
  readonly settings: LayeredService;
  readonly service: Service;
}

function isDynamic({ settings }: Resolved): boolean {
  return settings.settings.dynamic_user?.value === true;
}

function identitiesOf({ service }: Resolved): readonly Identity[] {
  return service.programs.flatMap(({ identity }) => identity ?? []);
}

/** As what a service has the number of another one's dynamic user. */
function sharedAs(number: number, other: Resolved): 'user' | 'group' | 'groups' | undefined {
  const identities = identitiesOf(other);
  if (identities.some(({ uid }) => uid === number)) return 'user';
  if (identities.some(({ gid }) => gid === number)) return 'group';
  return identities.some(({ groups }) => groups.includes(number)) ? 'groups' : undefined;
}

/**
 * A dynamic user is nobody's else: no user of this machine has its number (dynamic-user.ts), and no service may be
 * written with it. Another number would do, but then what the service has written would be another's.
 */
export function checkDynamicUsers(services: readonly Resolved[], report: Report): void {
  const others = services.filter((each) => !isDynamic(each));
  for (const each of services.filter(isDynamic)) {
    const uid = identitiesOf(each)[0]?.uid;
    for (const other of others) {
      const attribute = uid === undefined ? undefined : sharedAs(uid, other);
      if (!attribute) continue;
      const { settings, name } = other.settings;
      const dynamic = each.settings.settings.dynamic_user;
      report.add({
        code: 'config/conflict',
        at: placeOfSetting(other.settings, settings[attribute]),
        message: `Cannot use ${uid} as "${attribute}" of service ${quote(name)}: service ${quote(each.settings.name)} has it by "dynamic_user"`,
        help: 'take a number that is not from 61184 to 65519',
        related: [{ at: placeOfSetting(each.settings, dynamic), message: 'it has it by this' }],
      });
    }
  }
}
