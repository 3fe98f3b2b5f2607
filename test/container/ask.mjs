// ask.mjs PORT TEXT: sends the text, ends, and prints what comes back.
import { connect } from 'node:net';

const [port, text] = process.argv.slice(2);
const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
socket.setTimeout(5000, () => process.exit(1));
socket.end(text);
socket.pipe(process.stdout);
