import { connect } from 'node:net';
import type { Decision, DecisionSubject } from '../model/decision.ts';
import { MOST_LINE_BYTES, parseDecision } from './parse-decision.ts';
import { renderQuestion } from './render-question.ts';

const LINE_FEED = 0x0a;

type After = (delayMs: number, callback: () => void) => () => void;

/** Asks whoever listens at `path`: one line of JSON there, one line back, each with its line feed. */
export function askDecision(
  question: { readonly path: string; readonly subject: DecisionSubject; readonly deadlineMs: number },
  after: After,
): Promise<Decision> {
  // Not the abstract names, which anybody can take, and nothing that Node would read as a port.
  if (!question.path.startsWith('/')) return Promise.resolve({ kind: 'undecided', why: 'failed' });
  return new Promise((done) => {
    const socket = connect({ path: question.path });
    let received = Buffer.alloc(0);
    const finish = (decision: Decision): void => {
      cancel();
      socket.destroy();
      done(decision);
    };
    const cancel = after(question.deadlineMs, () => finish({ kind: 'undecided', why: 'timeout' }));
    socket.on('connect', () => socket.write(renderQuestion(question.subject)));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const end = received.indexOf(LINE_FEED);
      if (end > MOST_LINE_BYTES || (end < 0 && received.length > MOST_LINE_BYTES)) {
        finish({ kind: 'undecided', why: 'invalid' });
      } else if (end >= 0) finish(parseDecision(received.subarray(0, end)));
    });
    // After an answer these change nothing.
    socket.on('error', () => finish({ kind: 'undecided', why: 'failed' }));
    socket.on('close', () => finish({ kind: 'undecided', why: 'failed' }));
  });
}
