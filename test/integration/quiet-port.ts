import { isListeningOn } from './listening-on.ts';

/** One that the kernel gives to no client meanwhile: below those of ip_local_port_range. */
export function quietPort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (!isListeningOn(port)) return port;
  }
}
