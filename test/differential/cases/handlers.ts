import type { Group } from '../group.ts';
import { probe } from '../probe.ts';

const IDENTITY = ['uids', 'gids', 'groups', 'privileges'];

/** What a handler is given. */
export const HANDLERS: Group = {
  title: 'handlers',
  cases: [
    probe('plain', { stanza: '' }),
    probe('root', { stanza: 'user = root', facts: IDENTITY }),
    probe('root_groups', { stanza: 'user = root\ngroups = yes', facts: IDENTITY }),
    probe('group', { stanza: 'group = daemon', facts: IDENTITY }),
    probe('groups', { stanza: 'group = daemon\ngroups = yes', facts: IDENTITY }),
    probe('no_groups', { stanza: 'groups = no', facts: IDENTITY }),
    probe('uid', { stanza: 'user = 65534', facts: IDENTITY }),
    probe('unknown_uid', { stanza: 'user = 64321', facts: IDENTITY }),
    probe('env', { stanza: 'env = A=1 B=two PATH=/x\nenv += C=3', facts: ['environ'] }),
    probe('passenv', { stanza: 'passenv = FOO', facts: ['environ'] }),
    probe('passenv_empty', { stanza: 'passenv =', facts: ['environ'] }),
    probe('passenv_env', { stanza: 'passenv = PATH\nenv = FOO=other', facts: ['environ'] }),
    probe('umask_077', { stanza: 'umask = 077', facts: ['umask'] }),
    probe('umask_0', { stanza: 'umask = 0', facts: ['umask'] }),
    probe('nice', { stanza: 'nice = 5', facts: ['nice'] }),
    probe('nice_negative', { stanza: 'nice = -5', facts: ['nice'] }),
    probe('rlimit_as', { stanza: 'rlimit_as = 2000M', facts: ['rlimits'] }),
    probe('rlimit_cpu', { stanza: 'rlimit_cpu = 20', facts: ['rlimits'] }),
    probe('rlimit_data', { stanza: 'rlimit_data = 200M', facts: ['rlimits'] }),
    probe('rlimit_rss', { stanza: 'rlimit_rss = 5000K', facts: ['rlimits'] }),
    probe('rlimit_stack', { stanza: 'rlimit_stack = 4194304', facts: ['rlimits'] }),
    probe('rlimit_files', { stanza: 'rlimit_files = 100', facts: ['rlimits'] }),
    probe('rlimit_unlimited', { stanza: 'rlimit_as = UNLIMITED', facts: ['rlimits'] }),
    probe('server_args', { stanza: 'server_args = -a  b\tc # d "e f"', facts: ['argv'] }),
    probe('nameinargs', { stanza: 'flags = NAMEINARGS\nserver_args = other -x', facts: ['argv'] }),
    probe('v4', { stanza: 'flags = IPv4', facts: ['environ', 'fds'] }),
  ],
};
