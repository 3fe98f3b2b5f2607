import { describe, expect, test } from 'vitest';
import { convertText, service } from './convert-text.ts';

const TCPD = 'server = /usr/sbin/tcpd';

function convert(...lines: readonly string[]) {
  const { services, places } = convertText(service('x', ...lines));
  return { service: services['x'], places };
}

describe('tcpd as the server of xinetd', () => {
  test('is taken out of the way: the server behind it starts under the rules that tcpd would ask (promise 6)', () => {
    const { service: found, places } = convert(
      'flags = NAMEINARGS',
      TCPD,
      'server_args = /opt/in.ftpd -l -a',
    );
    expect(places).toEqual([]);
    expect(found).toMatchObject({
      ...{ server: '/opt/in.ftpd', argv0: 'in.ftpd', server_args: ['-l', '-a'] },
      hosts_access: { daemon: 'in.ftpd' },
    });
  });

  test('looks for a bare name where it is itself', () => {
    const { service: found } = convert('flags = NAMEINARGS', TCPD, 'server_args = in.ftpd');
    expect(found).toMatchObject({ server: '/usr/sbin/in.ftpd', argv0: 'in.ftpd' });
    expect(found).not.toHaveProperty('server_args');
  });

  test('asks its rules with NOLIBWRAP, too, which is for xinetd alone', () => {
    const { service: found } = convert('flags = NAMEINARGS NOLIBWRAP', TCPD, 'server_args = in.ftpd');
    expect(found).toMatchObject({ server: '/usr/sbin/in.ftpd', hosts_access: { daemon: 'in.ftpd' } });
  });

  test('stays where nobody knows the client, and where xinetd asks the rules under another name', () => {
    const waiting = convert('flags = NAMEINARGS', 'wait = yes', TCPD, 'server_args = in.ftpd');
    expect(waiting.service).toMatchObject({ server: '/usr/sbin/tcpd', argv0: 'in.ftpd' });
    expect(waiting.places.map((place) => place.split(' ')[1])).toContain('xinetd/tcpd');
    const named = convert('flags = NAMEINARGS', 'libwrap = ftp', TCPD, 'server_args = in.ftpd');
    expect(named.service).toMatchObject({ server: '/usr/sbin/tcpd', hosts_access: { daemon: 'ftp' } });
    expect(named.places.map((place) => place.split(' ')[1])).toEqual(['xinetd/tcpd']);
  });

  test('is refused without the name of a server: it would start itself', () => {
    for (const lines of [[TCPD], [TCPD, 'server_args = /usr/sbin/in.ftpd'], ['flags = NAMEINARGS', TCPD]]) {
      const { service: found, places } = convert(...lines);
      expect(found).toBeUndefined();
      expect(places.map((place) => place.split(' ')[1])).toContain('xinetd/tcpd-alone');
    }
  });
});
