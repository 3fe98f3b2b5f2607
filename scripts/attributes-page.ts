import { type AttributeFacts, allAttributes, type KeyFacts } from './attribute-facts.ts';
import { table } from './table.ts';

const INTRODUCTION = `# Attributes at a glance

Every setting of a configuration with what it may be, what it is by default, and an example; each name leads to its section in
[configuration.md](configuration.md), which is where the whole of it is said. This page is made from the schema: \`npm run docs\`
renews it. A duration is a number with \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`, a size one of bytes or with \`k\`, \`m\` or \`g\`.
`;

/** The line that sets it, where the example has it on one line. */
function exampleCell({ name, example }: AttributeFacts): string {
  const line = example?.split('\n').find((each) => each.startsWith(`${name}: `));
  return line === undefined ? '' : `\`${line.replaceAll('|', '\\|')}\``;
}

function nameCell({ name, isInDefaults, group }: AttributeFacts): string {
  const link = `[\`${name}\`](configuration.md#${name})`;
  return isInDefaults || group === 'Top level' ? link : `${link}¹`;
}

function keyRows(attribute: AttributeFacts): readonly (readonly string[])[] {
  return attribute.keys.map(({ name, value, isMandatory }: KeyFacts) => [
    `\`${attribute.name}.${name}\``,
    value,
    isMandatory ? 'mandatory' : '',
    '',
  ]);
}

function rowsOf(attribute: AttributeFacts): readonly (readonly string[])[] {
  const isOwnShape = attribute.name === 'defaults' || attribute.name === 'services';
  const value = isOwnShape ? 'map' : attribute.value;
  const first = [nameCell(attribute), value, attribute.standard ?? '', exampleCell(attribute)];
  return isOwnShape ? [first] : [first, ...keyRows(attribute)];
}

function section(group: string, attributes: readonly AttributeFacts[]): string {
  const rows = attributes.flatMap(rowsOf);
  return `## ${group}\n\n${table(['setting', 'value', 'default', 'example'], rows)}`;
}

/** docs/reference/attributes.md. */
export function attributesPage(): string {
  const attributes = allAttributes();
  const groups = [...new Set(attributes.map(({ group }) => group))];
  const sections = groups.map((group) =>
    section(
      group,
      attributes.filter((each) => each.group === group),
    ),
  );
  const note = '¹ Of one service only: not in `defaults`.\n';
  return [INTRODUCTION, ...sections, note].join('\n');
}
