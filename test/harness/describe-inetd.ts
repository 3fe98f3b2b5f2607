import { describeWith } from './describe-with.ts';
import { WAYS, type Way } from './start-inetd.ts';

/** Tests of a daemon that is started from nothing but an inetd.conf, whichever way that is read. */
export function describeInetd(
  options: { readonly title: string; readonly programs: readonly string[] },
  body: (way: Way) => void,
): void {
  const programs = options.programs.map((name) => ({ program: name }));
  for (const way of WAYS) {
    const title = `${options.title}, inetd.conf ${way}`;
    describeWith(title, { needs: ['root', 'a network namespace', 'overlays', ...programs] }, () => body(way));
  }
}
