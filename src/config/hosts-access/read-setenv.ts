import { quote } from '../quote.ts';
import type { ReadOption } from './read-option.ts';

/** What stands behind a `%` and is chosen, or depends on what is chosen, by the client. */
const OF_THE_CLIENT = new Set('achnru');
/** The process and our own side of the connection, which are not known when the rules are read. */
const OF_THE_SERVER = new Set('psAHNR');

function problemOf(letter: string): ReadOption | undefined {
  const expansion = quote(`%${letter}`);
  if (OF_THE_CLIENT.has(letter)) {
    const reason = `${expansion} would put what the client says into the environment`;
    return { code: 'hosts/client-expansion', reason, help: 'see the attribute "peer_env"' };
  }
  if (OF_THE_SERVER.has(letter)) {
    const reason = `${expansion} is not known when the rules are read`;
    return { code: 'hosts/bad-expansion', reason, help: 'see the attribute "peer_env"' };
  }
  if (letter === 'd' || letter === '%') return undefined;
  return { code: 'hosts/bad-expansion', reason: `${expansion} means nothing`, help: 'write "%%" for a "%"' };
}

/** `NAME VALUE`, with `%d` left open for the name of the daemon; without a value, the variable is empty. */
export function readSetenv(text: string): ReadOption {
  const [, name = '', value = ''] = /^(\S*)\s*(.*)$/s.exec(text) ?? [];
  if (!/^[A-Za-z_]\w*$/.test(name)) return { reason: `${quote(name)} is not the name of a variable` };
  for (const [, letter = ''] of value.matchAll(/%(.?)/gs)) {
    const problem = problemOf(letter);
    if (problem !== undefined) return problem;
  }
  const parts = [''];
  for (const [piece] of value.matchAll(/%.|[^%]+/gs)) {
    if (piece === '%d') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece === '%%' ? '%' : piece}`);
  }
  return { option: { kind: 'setenv', name, parts } };
}
