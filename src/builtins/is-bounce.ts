import type { Endpoint } from '../model/address.ts';

/** ftp-data of services(5). */
const FTP_DATA = 20;

/** Whether an FTP server may have been told to connect here (S63, CVE-1999-0017): no client has this port. */
export function isBounce({ family, port }: Endpoint): boolean {
  return (family === 4 || family === 6) && port === FTP_DATA;
}
