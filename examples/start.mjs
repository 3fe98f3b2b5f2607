// `npm start`: the quickstart configuration; `npm start -- ARGS`: zinetd with these arguments.
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TRY = `zinetd with examples/quickstart.yaml. In another terminal, try:

  nc 127.0.0.1 7013        the date
  nc 127.0.0.1 7014        what a handler is given
  nc 127.0.0.1 7007        an echo, until Ctrl-D

(curl telnet://127.0.0.1:7013 does as well.) The log is below; Ctrl-C stops.

`;

if (process.argv.length === 2) {
  writeSync(1, TRY);
  process.argv.push('run', '-c', fileURLToPath(new URL('quickstart.yaml', import.meta.url)));
}
await import('../dist/main.js');
