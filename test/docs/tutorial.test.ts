import { expect, test } from 'vitest';
import { isRoot } from '../harness/identity.ts';
import { runProgram } from '../harness/run-program.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { checkExample } from './check-example.ts';
import { blocksOf } from './pages.ts';

const blocks = blocksOf('docs/tutorial/first-service.md');
const [mistaken, guarded] = blocks.filter(({ language }) => language === 'yaml').map(({ text }) => text);

/** As the page has it, but for what is different here: the port, and who runs it. */
function asHere(text = ''): string {
  const anyPort = text.replaceAll('127.0.0.1:7100', '127.0.0.1:0');
  return isRoot ? anyPort : anyPort.replace(/^ +user: .*\n/m, '');
}

/** The text of the block that begins with these words. */
function shown(beginning: string): string {
  return blocks.find(({ text }) => text.startsWith(beginning))?.text ?? '';
}

test('the tutorial shows what zinetd says of its mistake', () => {
  const all = checkExample(mistaken ?? '').split(/^(?=test\.yaml)/m);
  const said = all.find((each) => each.includes('config/unknown-key'));
  expect(said?.replace('test.yaml', 'demo.yaml')).toBe(shown('demo.yaml:7:5:'));
});

test('the guarded service of the tutorial does what the page shows', async () => {
  const zinetd = await startZinetd({ config: asHere(guarded) });
  const port = String(zinetd.port('greeter'));
  const greet = async (...options: readonly string[]): Promise<string> =>
    (await runProgram(['nc', '-q', '1', ...options, '127.0.0.1', port], { input: 'World\n' })).stdout;
  const answers = [await greet(), await greet(), await greet(), await greet()];
  expect(answers.join('')).toBe(shown('Hello, World\n'));
  expect(await greet('-s', '127.0.0.9')).toBe(shown('127.0.0.9 may not use'));
  expect(await zinetd.event('refused')).toMatchObject({ reason: 'per_source_rate' });
});
