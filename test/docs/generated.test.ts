import { expect, test } from 'vitest';
import { GENERATED } from '../../scripts/generated.ts';

const rows = GENERATED.map(({ path, render }): [string, () => string] => [path, render]);

test.each(rows)('%s is what the sources say ("npm run docs" renews it)', async (path, render) => {
  await expect(render()).toMatchFileSnapshot(`../../${path}`);
});
