import { expect, test } from 'vitest';
import { GENERATED } from '../../scripts/generated.ts';

test.each(GENERATED)('$path is what the sources say ("npm run docs" renews it)', async ({ path, render }) => {
  await expect(render()).toMatchFileSnapshot(`../../${path}`);
});
