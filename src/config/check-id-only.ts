import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';

/** RFC 1413 is about connections of TCP, and about those that zinetd accepts itself. */
export function checkIdOnly(
  service: LayeredService,
  { report, placed }: { readonly report: Report; readonly placed: readonly PlacedListener[] },
): void {
  const { id_only: idOnly, wait } = service.settings;
  if (idOnly?.value !== true) return;
  const other = placed.find(({ listener }) => listener.scheme !== 'tcp');
  if (!other && wait?.value !== true) return;
  const reason = other
    ? `nobody can be asked who is at the other end of "${other.listener.scheme}://"`
    : 'with "wait" its handler accepts, and nobody knows the client before';
  report.add({
    code: 'config/conflict',
    at: placeOfSetting(service, idOnly),
    message: `Cannot use "id_only" in service ${quote(service.name)}: ${reason}`,
  });
}
