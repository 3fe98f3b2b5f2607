import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const PATIENCE_MS = 1_000;
const LINE = 'ok\n';

/**
 * What a service answers to one connection, or why it does not.
 *
 * @param {number} port
 * @param {string} says first
 * @returns {Promise<string>}
 */
function ask(port, says) {
  return new Promise((answered) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1', timeout: PATIENCE_MS });
    if (says) socket.write(says);
    socket.on('data', (data) => {
      text += data;
      if (says && text.length >= says.length) socket.destroy();
    });
    socket.on('end', () => socket.destroy());
    socket.on('timeout', () => socket.destroy());
    socket.on('error', (error) => {
      text = error.message;
    });
    socket.on('close', () => answered(text));
  });
}

/**
 * @param {number} port
 * @returns {Promise<string>}
 */
function askByDatagram(port) {
  return new Promise((answered) => {
    const socket = createSocket('udp4');
    const end = (/** @type {string} */ text) => {
      clearTimeout(timer);
      socket.close();
      answered(text);
    };
    const timer = setTimeout(() => end(''), PATIENCE_MS);
    socket.on('message', (data) => end(String(data)));
    socket.on('error', (error) => end(error.message));
    socket.connect(port, '127.0.0.1', () => socket.send(LINE));
  });
}

/** How a service is asked whether it serves; whichever it is, its answer begins with the line "ok".
 *
 * @type {Readonly<Record<import('./scene.d.mts').Asks, (port: number) => Promise<string>>>}
 */
export const ASK = {
  line: (port) => ask(port, ''),
  echo: (port) => ask(port, LINE),
  datagram: askByDatagram,
};
