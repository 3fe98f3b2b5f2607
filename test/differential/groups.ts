import { ACCESS } from './cases/access.ts';
import { BANNERS } from './cases/banners.ts';
import { BUILTINS } from './cases/builtins.ts';
import { CONNECTIONS } from './cases/connections.ts';
import { DEFAULTS } from './cases/defaults.ts';
import { FAMILIES } from './cases/families.ts';
import { FAULTS } from './cases/faults.ts';
import { HANDLERS } from './cases/handlers.ts';
import { IDENT } from './cases/ident.ts';
import { LIBWRAP } from './cases/libwrap.ts';
import { LIMITS } from './cases/limits.ts';
import { RECORDS } from './cases/records.ts';
import { REDIRECT } from './cases/redirect.ts';
import { RELOADS } from './cases/reload.ts';
import { SENSORS } from './cases/sensor.ts';
import { STOPPING } from './cases/stopping.ts';
import { TCPMUX } from './cases/tcpmux.ts';
import { WAIT } from './cases/wait.ts';
import type { Group } from './group.ts';

export const GROUPS: readonly Group[] = [
  ...[
    ACCESS,
    LIMITS,
    HANDLERS,
    CONNECTIONS,
    RECORDS,
    BANNERS,
    BUILTINS,
    REDIRECT,
    TCPMUX,
    WAIT,
    SENSORS,
    IDENT,
    LIBWRAP,
  ],
  ...[DEFAULTS, FAMILIES, FAULTS, ...RELOADS, ...STOPPING],
];
