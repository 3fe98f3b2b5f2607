import { describe, expect, test } from 'vitest';
import { convertPair } from './convert-text.ts';

const ALONE = ['Accept=no'];

describe('limits of a unit', () => {
  test.each([
    ['MemoryMax=1M', { memory_max: 1_048_576 }, []],
    ['MemoryMax=infinity', {}, []],
    ['MemoryMax=0', {}, ['no-counterpart']],
    ['MemoryMax=10%', {}, ['no-counterpart']],
    ['TasksMax=5', { tasks_max: 5 }, []],
    ['TasksMax=infinity', {}, []],
    ['TasksMax=0', {}, ['no-counterpart']],
    ['TasksMax=10%', {}, ['no-counterpart']],
    ['CPUQuota=20%', { cpu_max: '20%' }, []],
    ['CPUQuota=0%', {}, ['no-counterpart']],
    ['KillMode=process', {}, []],
    ['KillMode=control-group', { kill_mode: 'control-group' }, []],
    ['KillMode=mixed', {}, ['no-counterpart']],
    ['AppArmorProfile=p', { apparmor_profile: 'p' }, []],
    ['SELinuxContext=a:b:c', { selinux_context: 'a:b:c' }, []],
  ])('%s, of a service that is one process', (line, expected, codes) => {
    const { it, codes: found } = convertPair({ socket: ALONE, service: [line] });
    expect(it).toMatchObject(expected);
    expect(found.filter((code) => code === 'no-counterpart')).toEqual(codes);
  });

  test.each(['MemoryMax=1M', 'TasksMax=5', 'CPUQuota=20%'])(
    '%s is said to be for all connections together where each has a service of its own',
    (line) => {
      const { it, codes, diagnostics } = convertPair({ service: [line] });
      expect(Object.keys(it).filter((name) => name.endsWith('_max'))).toEqual([]);
      expect(codes).toContain('no-counterpart');
      expect(diagnostics.map(({ message }) => message).join('\n')).toContain('all connections together');
    },
  );
});

describe('what alone can be executed', () => {
  test('is a list, if nothing else can be', () => {
    const { it } = convertPair({ service: ['NoExecPaths=/', 'ExecPaths=/bin /lib', 'ExecPaths=/usr'] });
    expect(it['exec_paths']).toEqual(['/bin', '/lib', '/usr']);
  });

  test.each([[['ExecPaths=/bin']], [['NoExecPaths=/']], [['NoExecPaths=/home', 'ExecPaths=/bin']]])(
    '%j is said to be left out, line by line',
    (service) => {
      const { it, codes } = convertPair({ service });
      expect(it).not.toHaveProperty('exec_paths');
      expect(codes.filter((code) => code === 'no-counterpart').length).toBeGreaterThanOrEqual(service.length);
    },
  );
});

describe('credentials', () => {
  test('are files by their paths, and texts', () => {
    const { it, codes } = convertPair({
      service: ['LoadCredential=key:/etc/key', 'SetCredential=word:hello'],
    });
    expect(it['credentials']).toEqual({ key: '/etc/key', word: { text: 'hello' } });
    expect(codes).toEqual([]);
  });

  test.each([
    'LoadCredential=key',
    'LoadCredential=key:relative',
    'SetCredential=word:50%',
    'SetCredential=w:a\\b',
  ])('%s, which is looked for or read by rules of systemd, is left out', (line) => {
    const { it, codes } = convertPair({ service: [line] });
    expect(it).not.toHaveProperty('credentials');
    expect(codes).toContain('no-counterpart');
  });
});
