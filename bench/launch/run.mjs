import { fileURLToPath } from 'node:url';
import { build } from '../lib/build.mjs';
import { command } from '../lib/command.mjs';
import { describeHost, foreignShare } from '../lib/host.mjs';

const BUILD = fileURLToPath(new URL('../build', import.meta.url));
const COUNT = '5000';

/** Megabytes that the parent has touched: a spawner is small, other programs that start programs are not. */
const SIZES_MB = ['0', '16', '64'];

const { launch = '', raw = '' } = await build(BUILD, ['launch', 'raw']);
process.stdout.write(
  `${describeHost(await foreignShare())}. ${COUNT} launches with each method, in turns.\n`,
);
for (const size of SIZES_MB) {
  process.stdout.write(`\nParent with ${size} MB touched:\n\n${await command([launch, raw, COUNT, size])}`);
}
