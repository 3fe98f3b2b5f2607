import type { Subject } from './service-entry.ts';

/** What a service is called: the name of its port, of its program, or of its socket. */
export function subjectName(subject: Subject): string {
  switch (subject.kind) {
    case 'port':
      return subject.port.text;
    case 'rpc':
      return subject.program.text;
    case 'mux':
      return subject.name.text;
    case 'path':
      return subject.path.text.slice(subject.path.text.lastIndexOf('/') + 1);
  }
}
