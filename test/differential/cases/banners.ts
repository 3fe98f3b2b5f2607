import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

async function one({ clients, port }: Stage): Promise<readonly string[]> {
  return [await clients.call({ port: port() })];
}

const ALL = 'banner = FILES/banner\nbanner_success = FILES/success\nbanner_fail = FILES/fail';

function banner(name: string, stanza: string): Case {
  return { name, stanza: `server = HANDLERS/answer\n${stanza}`, play: one };
}

/** What a client is greeted with. */
export const BANNERS: Group = {
  title: 'banners',
  cases: [
    banner('admitted', ALL),
    banner('denied_address', `${ALL}\nno_access = 127.0.0.1`),
    banner('denied_load', `${ALL}\nmax_load = 0.0001`),
    banner('banner_alone', 'banner = FILES/banner'),
    banner('success_alone', 'banner_success = FILES/success'),
    banner('fail_alone', 'banner_fail = FILES/fail\nno_access = 127.0.0.1'),
    banner('missing', 'banner = FILES/nothing'),
  ],
};
