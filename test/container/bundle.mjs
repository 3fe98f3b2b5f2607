// bundle.mjs ROOT INSPECTED: the config.json of an OCI bundle for an image, as an engine makes it that is told to drop
// all capabilities and to keep the root read-only.
const [root, inspected] = process.argv.slice(2);
const { config } = JSON.parse(inspected).Docker;
const [uid, gid] = config.User.split(':').map(Number);
const tmpfs = (destination, ...options) => ({
  destination,
  type: 'tmpfs',
  source: 'tmpfs',
  options: ['nosuid', ...options],
});

console.log(
  JSON.stringify({
    ociVersion: '1.0.2',
    root: { path: root, readonly: true },
    hostname: 'zinetd',
    process: {
      user: { uid, gid },
      args: [...config.Entrypoint, ...config.Cmd],
      env: [...config.Env, `ZINETD_CONFIG=${process.env.ZINETD_CONFIG}`],
      cwd: config.WorkingDir || '/',
      noNewPrivileges: true,
      capabilities: { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] },
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      tmpfs('/dev', 'mode=755', 'size=64k'),
      tmpfs('/dev/shm', 'nodev', 'mode=1777', 'size=64m'),
      tmpfs('/run/zinetd', 'nodev', 'mode=755', `uid=${uid}`, `gid=${gid}`, 'size=1m'),
    ],
    // Low ports need no privilege, as with Docker.
    linux: {
      sysctl: { 'net.ipv4.ip_unprivileged_port_start': '0' },
      namespaces: ['pid', 'mount', 'ipc', 'uts', 'network'].map((type) => ({ type })),
    },
  }),
);
