import { rmSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { noticesOf } from './notices.mjs';

/*
 * Puts the five hundred modules of a build together into a few files that Node loads in half the time (decision 16): `dist/main.js`,
 * and in `dist/parts/` what it loads as it needs it. Parts lie as deep as the modules, which find files from where they are.
 */
const DIST = resolve('dist');
const PARTS = 'parts';

/** A part that others ask for is called as its module, such as `dispatcher-main`. */
function nameOf({ name, facadeModuleId }) {
  const isOurs = facadeModuleId?.startsWith(DIST + sep);
  return isOurs ? relative(DIST, facadeModuleId).replace(/\.js$/, '').replaceAll(sep, '-') : `shared-${name}`;
}

rmSync(resolve(DIST, PARTS), { recursive: true, force: true });
const bundle = await rolldown({ input: resolve(DIST, 'main.js'), platform: 'node' });
const { output } = await bundle.write({
  dir: DIST,
  format: 'esm',
  entryFileNames: 'main.js',
  chunkFileNames: (chunk) => `${PARTS}/${nameOf(chunk)}.js`,
});

const moduleIds = output.flatMap((chunk) => chunk.moduleIds ?? []);
writeFileSync(resolve(DIST, PARTS, 'LICENSES.txt'), noticesOf(moduleIds));

// What handlers import is one file, and shares none with the program, so that neither makes the other load more.
const library = await rolldown({ input: resolve(DIST, 'handler/serve.js'), platform: 'node' });
await library.write({ file: resolve(DIST, PARTS, 'handler.js'), format: 'esm' });
