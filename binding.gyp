{
  'target_defaults': {
    'cflags': ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-fstack-protector-strong', '-fvisibility=hidden'],
    'defines': ['_GNU_SOURCE', '_FORTIFY_SOURCE=2'],
  },
  'targets': [
    {
      'target_name': 'zinetd_addon',
      'sources': [
        'src/native/addon/addon.c',
        'src/native/addon/sockets.c',
        'src/native/addon/names.c',
        'src/native/addon/process.c',
        'src/native/shared/passing.c',
      ],
    },
    {
      'target_name': 'zinetd-spawner',
      'type': 'executable',
      'sources': [
        'src/native/spawner/main.c',
        'src/native/spawner/base.c',
        'src/native/spawner/start.c',
        'src/native/spawner/compiler.c',
        'src/native/spawner/keeper.c',
        'src/native/spawner/dialogue.c',
        'src/native/spawner/stop.c',
        'src/native/spawner/table.c',
        'src/native/spawner/listeners.c',
        'src/native/spawner/path.c',
        'src/native/spawner/children.c',
        'src/native/spawner/launch.c',
        'src/native/spawner/child.c',
        'src/native/spawner/workers.c',
        'src/native/spawner/sandbox.c',
        'src/native/shared/passing.c',
      ],
      'cflags': ['-fPIE'],
      'ldflags': ['-pie', '-Wl,-z,relro,-z,now'],
    },
  ],
}
