import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';

const HANDLER = `
import { type Connection, type Handler, type Peer, type ServeOptions, serve } from 'zinetd/handler';

const options: ServeOptions = { connections: 5 };
const nameOf = (peer: Peer | undefined): string => peer?.address ?? 'nobody';
const handler: Handler = async ({ socket, peer, environment, id, signal }: Connection) => {
  socket.write(nameOf(peer) + (environment.get('X') ?? '') + (id ?? '') + signal.aborted);
  return 0;
};
const status: number = await serve(handler, options);
await serve(({ socket }) => socket.pipe(socket));
`;

const COMPILER_OPTIONS = {
  ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, module: 'nodenext', target: 'es2023' },
  ...{ types: ['node'], typeRoots: [resolve('node_modules/@types')] },
};

/** The declarations that are in the package, and nothing else of it. */
function typesOnly(directory: string): void {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: readonly string[] };
  for (const file of ['package.json', ...files.filter((name) => name.endsWith('.d.ts'))]) {
    const path = join(directory, 'node_modules/zinetd', file);
    mkdirSync(dirname(path), { recursive: true });
    cpSync(file, path);
  }
}

/** What the compiler says of a handler beside such a package. */
async function check(text: string): Promise<string> {
  const directory = scratch('types');
  typesOnly(directory);
  writeFileSync(join(directory, 'handler.mts'), text);
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
  const tsc = [process.execPath, resolve('node_modules/typescript/bin/tsc'), '-p', directory];
  return (await runProgram(tsc)).stdout;
}

test('a handler in TypeScript finds the types of the library in the package', {
  timeout: 60_000,
}, async () => {
  expect(await check(HANDLER)).toBe('');
  const wrong = HANDLER.replace('connections: 5', "connections: 'five'").replace('peer?.', 'peer.');
  const said = await check(wrong);
  expect(said).toContain("'string' is not assignable to type 'number'");
  expect(said).toContain("'peer' is possibly 'undefined'");
});
