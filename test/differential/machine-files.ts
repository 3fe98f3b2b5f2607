/** The files of a small machine: what is in those of the real one is none of the cases' business. */
export const MACHINE_FILES: Readonly<Record<string, string>> = {
  '/etc/passwd': [
    'root:x:0:0:root:/root:/bin/sh',
    'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    '',
  ].join('\n'),
  '/etc/group': 'root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\nothers:x:4242:nobody\n',
  '/etc/hosts': '127.0.0.1 localhost\n127.0.0.2 client.test\n::1 ip6-localhost\n',
  '/etc/networks': 'testnet 127.0.0.0\n',
  '/etc/services': 'listed 7777/tcp\nlisted_with_port 7778/tcp\nother_port 7779/tcp\n',
};
