import { createRequire } from 'node:module';
import type Winston from 'winston';
import { withoutStandardStreams } from './without-standard-streams.ts';

const require = createRequire(import.meta.url);

/** winston, loaded so that its library for colours does not find the standard streams. */
export const winston: typeof Winston = withoutStandardStreams(() => require('winston') as typeof Winston);
