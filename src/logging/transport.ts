import type Winston from 'winston';
import { winston } from './winston.ts';

/** The base class of transports, which winston's types know only as a type. */
export const Transport: new () => Winston.transport = (
  winston as unknown as { readonly Transport: new () => Winston.transport }
).Transport;
