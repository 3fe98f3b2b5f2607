import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { matchedByFail2ban } from '../harness/fail2ban.ts';
import { blocksOf } from './pages.ts';

const [filter] = blocksOf('docs/how-to/fail2ban.md').filter(({ text }) => text.includes('[Definition]'));

function line(words: string): string {
  return `26/1/9@02:35:03: FAIL: finger ${words}`;
}

describeWith('the filter of docs/how-to/fail2ban.md', { needs: [{ program: 'fail2ban-regex' }] }, () => {
  test('finds those who were refused for what they did, and nobody else', () => {
    const wanted = ['address', 'libwrap', 'banned', 'sensor', 'per_source_rate', 'per_source_limit'].map(
      (reason) => line(`${reason} from=192.0.2.7`),
    );
    const others = ['load', 'time', 'service_limit', 'connections per second', 'fork'].map((reason) =>
      line(`${reason} from=192.0.2.8`),
    );
    const summary = line('address from=192.0.2.9 repeated=7');
    const why = `${line('x').slice(0, 17)}WHY: finger from=192.0.2.9 check=access policy=reject detail="x"`;
    expect(matchedByFail2ban([...wanted, ...others, summary, why], filter?.text)).toEqual(wanted);
  });
});
