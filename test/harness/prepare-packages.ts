import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import { unprivilegedUser } from './identity.ts';

/** Where packages are unpacked, for those that need more of theirs than the program. */
export const UNPACKED = 'build/test/packages';
const TIMEOUT_MS = 240_000;

/**
 * Debian packages of the programs that the suite runs. `unpack`: installing it would bring a service along, so
 * that its files are only put beside.
 */
const PACKAGES = [
  { package: 'micro-httpd', program: '/usr/sbin/micro-httpd', unpack: true },
  { package: 'fingerd', program: '/usr/sbin/in.fingerd', unpack: true },
  { package: 'rsync', program: '/usr/bin/rsync', unpack: true },
  { package: 'tcpd', program: '/usr/sbin/tcpdmatch', unpack: true },
  { package: 'tcpd', program: '/usr/sbin/try-from', unpack: true },
  { package: 'ucspi-tcp', program: '/usr/bin/tcprules', unpack: true },
  { package: 'ucspi-tcp', program: '/usr/bin/tcprulescheck', unpack: true },
  { package: 'openssh-server', program: '/usr/sbin/sshd', unpack: true },
  { package: 'rpcbind', program: '/sbin/rpcbind', unpack: true },
  { package: 'rpcbind', program: '/usr/bin/rpcinfo', unpack: true },
  { package: 'fail2ban', program: '/usr/bin/fail2ban-regex', unpack: true },
  { package: 'tftpd-hpa', program: '/usr/sbin/in.tftpd', unpack: true },
  { package: 'tftp-hpa', program: '/usr/bin/tftp', unpack: true },
  { package: 'talkd', program: '/usr/sbin/in.ntalkd', unpack: true },
  { package: 'talk', program: '/usr/bin/netkit-ntalk', unpack: true },
  { package: 'inetutils-telnetd', program: '/usr/sbin/telnetd', unpack: true },
  { package: 'proftpd-core', program: '/usr/sbin/proftpd', unpack: true },
  { package: 'popa3d', program: '/usr/sbin/popa3d', unpack: true },
  { package: 'distcc', program: '/usr/bin/distccd', unpack: true },
  { package: 'rstatd', program: '/usr/sbin/rpc.rstatd', unpack: true },
  { package: 'rstat-client', program: '/usr/bin/rup', unpack: true },
  { package: 'logwatch', program: '/usr/sbin/logwatch', unpack: true },
  { package: 'oidentd', program: '/usr/sbin/oidentd', unpack: true },
  { package: 'rsyslog', program: '/usr/sbin/rsyslogd', unpack: true },
  { package: 'logrotate', program: '/usr/sbin/logrotate', unpack: true },
  { package: 'xinetd', program: '/usr/sbin/xinetd', unpack: true },
  { package: 'systemd', program: '/usr/bin/systemd-analyze', unpack: true },
  { package: 'systemd', program: '/usr/bin/systemd-socket-activate', unpack: true },
  { package: 'mandoc', program: '/usr/bin/mandoc', unpack: true },
  { package: 'haproxy', program: '/usr/sbin/haproxy', unpack: true },
  { package: 'prometheus', program: '/usr/bin/promtool', unpack: true },
  { package: 'prometheus', program: '/usr/bin/prometheus', unpack: true },
  { package: 'nginx', program: '/usr/sbin/nginx', unpack: true },
  { package: 'perl', program: '/usr/bin/prove', unpack: false },
  { package: 'openssh-client', program: '/usr/bin/ssh', unpack: false },
  { package: 'finger', program: '/usr/bin/finger', unpack: false },
  { package: 'curl', program: '/usr/bin/curl', unpack: false },
  { package: 'git', program: '/usr/bin/git', unpack: false },
  { package: 'netcat-openbsd', program: '/usr/bin/nc', unpack: false },
  { package: 'inetutils-telnet', program: '/usr/bin/telnet', unpack: false },
  { package: 'tmux', program: '/usr/bin/tmux', unpack: false },
  { package: 'strace', program: '/usr/bin/strace', unpack: false },
] as const;

type Row = (typeof PACKAGES)[number];

function nameOf(row: Row): string {
  return row.program.slice(row.program.lastIndexOf('/') + 1);
}

function isMissing(row: Row): boolean {
  return findProgram(nameOf(row)) === undefined && !existsSync(join(UNPACKED, row.program));
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

/** A failure is told and no more: the tests that need the program say what is missing. */
function install(missing: readonly Row[]): void {
  const unpack = new Set(missing.filter((row) => row.unpack).map((row) => row.package));
  const plain = new Set(missing.filter((row) => !row.unpack).map((row) => row.package));
  const args = ['test/harness/install-packages.sh', UNPACKED, ...plain, '--unpack', ...unpack];
  try {
    execFileSync('sh', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS });
  } catch (error) {
    process.stderr.write(`Cannot install packages for the tests: ${(error as Error).message}\n`);
  }
}

/** As root with apt at hand, installs what is missing, and puts what was unpacked into `directory`. */
export function preparePackages(directory: string): void {
  const missing = PACKAGES.filter(isMissing);
  if ((missing.length > 0 || unprivilegedUser() === undefined) && canInstall()) install(missing);
  for (const row of PACKAGES) {
    const unpacked = join(UNPACKED, row.program);
    if (existsSync(unpacked)) copyFileSync(unpacked, join(directory, nameOf(row)));
  }
}
