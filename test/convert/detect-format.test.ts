import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { detectFormat, type FormatName } from '../../src/convert/detect-format.ts';
import { describeWith } from '../harness/describe-with.ts';
import { familyCorpus } from '../harness/family-corpus.ts';

const FAMILIES: readonly FormatName[] = [
  ...(['inetd', 'xinetd', 'rlinetd', 'systemd', 'launchd', 'tcprules', 'hosts_access'] as const),
];

describe('what a file is written in', () => {
  test.each<[FormatName | undefined, string, string]>([
    ['inetd', 'any', 'ftp stream tcp nowait root /usr/sbin/in.ftpd in.ftpd\n'],
    ['inetd', 'any', '#<off># ftp stream tcp nowait root /usr/sbin/in.ftpd in.ftpd\n'],
    ['inetd', 'inetd.conf', '# nothing\n'],
    ['xinetd', 'any', '# it\nservice ftp\n{\n\tdisable = no\n}\n'],
    ['xinetd', 'any', 'includedir /etc/xinetd.d\n'],
    ['rlinetd', 'any', 'service "ftp" {\n\tserver "/usr/sbin/in.ftpd";\n}\n'],
    ['systemd', 'any', '[Unit]\nDescription=x\n[Socket]\nListenStream=21\n'],
    ['launchd', 'any', '<?xml version="1.0"?>\n<plist version="1.0"></plist>\n'],
    ['launchd', 'any', 'bplist00\u0001'],
    ['tcprules', 'any', '127.:allow,RELAYCLIENT=""\n:deny\n'],
    ['tcprules', 'run', '#!/bin/sh\nexec tcpserver -v 0 smtp /bin/cat\n'],
    ['hosts_access', 'any', 'ALL: ALL EXCEPT LOCAL\n'],
    ['native', 'any', 'version: 1\nservices:\n  a: {}\n'],
    [undefined, 'any', 'It was a dark night.\n'],
    [undefined, 'any', ''],
  ])('is %s: %s %j', (format, name, text) => {
    expect(detectFormat(`/etc/${name}`, text)).toBe(format);
  });

  test('is looked for in time that grows with the text alone (S109)', () => {
    const before = performance.now();
    for (const unit of ['#', ' ', '\n', 'service x\n', 'a:', '{', '"', 'defaults ', '\n#', 'service x\n\n'])
      detectFormat('x', unit.repeat(500_000));
    for (const between of ['\n', ' \n', '#\n', '\r\n', '\t']) {
      detectFormat('x', `service x\n${between.repeat(20_000)}y`);
    }
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

describeWith('the format of files from the wild', { needs: ['the corpus of inetd.conf'] }, () => {
  const files = FAMILIES.flatMap((family) =>
    familyCorpus(family).flatMap((entry) => entry.files.map((path): [FormatName, string] => [family, path])),
  );

  test.each(files)('is %s: %s', (family, path) => {
    expect(detectFormat(path, readFileSync(path, 'latin1'))).toBe(family);
  });
});
