// Tells each client who it is and how many were here before it. docs/how-to/write-a-handler-that-lives-on.md is about this file.
import { serve } from 'zinetd/handler';

let clients = 0;

await serve(async ({ socket, peer }) => {
  clients++;
  socket.write(
    `You are ${peer?.address ?? 'of this machine'}, client ${clients} of process ${process.pid}\n`,
  );
});
