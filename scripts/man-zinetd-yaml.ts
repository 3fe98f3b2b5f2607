import { type AttributeFacts, allAttributes, type KeyFacts } from './attribute-facts.ts';
import { fillTemplate } from './fill-template.ts';
import { argument, mdocLines } from './mdoc.ts';

const SHAPES: readonly string[] = ['defaults', 'services'];

function keyItem({ name, value, isMandatory }: KeyFacts): readonly string[] {
  return [`.It Cm ${argument(name)}`, ...mdocLines(`${value}${isMandatory ? '; mandatory' : ''}.`)];
}

/** A value that begins with a letter of ours begins the sentence. */
function valueSentence({ name, value }: AttributeFacts): string {
  return SHAPES.includes(name) ? 'Value: a map.' : `Value: ${value}.`;
}

function attributeLines(attribute: AttributeFacts): readonly string[] {
  const { name, describe, standard, example } = attribute;
  const keys = SHAPES.includes(name) ? [] : attribute.keys;
  const facts = [
    describe,
    valueSentence(attribute),
    ...(standard === undefined ? [] : [`Default: ${standard}.`]),
  ];
  return [
    `.It Cm ${argument(name)}`,
    ...mdocLines(facts.join(' ')),
    ...(keys.length === 0 ? [] : ['.Bl -tag -width Ds -compact', ...keys.flatMap(keyItem), '.El']),
    ...(example === undefined ? [] : mdocLines(`\`\`\`\n${example}\n\`\`\``)),
  ];
}

function groupLines(group: string, attributes: readonly AttributeFacts[]): readonly string[] {
  return [
    `.Ss ${group}`,
    '.Bl -tag -width Ds',
    ...attributes.filter((each) => each.group === group).flatMap(attributeLines),
    '.El',
  ];
}

/** man/zinetd.yaml.5. */
export function manZinetdYaml(): string {
  const attributes = allAttributes();
  const groups = [...new Set(attributes.map(({ group }) => group))];
  const own = groups.filter((group) => group !== 'Top level');
  return fillTemplate(
    'zinetd.yaml.5',
    new Map([
      ['top', groupLines('Top level', attributes).slice(1)],
      ['attributes', own.flatMap((group) => groupLines(group, attributes))],
    ]),
  );
}
