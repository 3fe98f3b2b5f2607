import type { Arrived } from './arrived.ts';
import { type Floor, policyOf } from './floor.ts';

/** Ahead of every check. Whoever sends datagrams is told nothing (S65), and tcpmux speaks first where it leads. */
export function bannerAhead(floor: Floor, { connection, isMuxed }: Arrived): Uint8Array | undefined {
  const { banners } = policyOf(floor, connection.service);
  return banners && !connection.isClaimed && !isMuxed ? banners.always : undefined;
}

/** After all checks, ahead of the handler; by tcpmux that of all comes here, behind the reply line. */
export function bannerAfter(floor: Floor, { connection, isMuxed, isTold }: Arrived): Uint8Array | undefined {
  const { banners } = policyOf(floor, connection.service);
  if (!banners || connection.isClaimed || isTold) return undefined;
  const { always, success } = banners;
  if (!isMuxed || !always) return success;
  return success ? Buffer.concat([always, success]) : always;
}
