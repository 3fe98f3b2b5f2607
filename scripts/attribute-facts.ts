import { readFileSync } from 'node:fs';
import { ATTRIBUTE_NAMES, DEFAULT_NAMES, jsonSchema } from '../src/config/schema.ts';
import { describeValue, type ValueSchema } from './describe-value.ts';

/** One setting, from the schema and from the page about it. */
export interface AttributeFacts {
  readonly name: string;
  /** The heading of the page below which its section is. */
  readonly group: string;
  readonly value: string;
  /** Of maps, each key. */
  readonly keys: readonly KeyFacts[];
  readonly standard: string | undefined;
  /** What it says, without its default. */
  readonly describe: string;
  /** In YAML; of attributes whose section has one. */
  readonly example: string | undefined;
  readonly isInDefaults: boolean;
}

export interface KeyFacts {
  readonly name: string;
  readonly value: string;
  readonly isMandatory: boolean;
}

interface Section {
  readonly group: string;
  readonly example: string | undefined;
}

const PAGE = new URL('../docs/reference/configuration.md', import.meta.url);

function sectionsOf(page: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  for (const part of page.split(/^## /m).slice(1)) {
    const [group = ''] = part.split('\n', 1);
    for (const section of part.split(/^### /m).slice(1)) {
      const [, name = ''] = /^`(\w+)`/.exec(section) ?? [];
      const [, example] = /^```yaml\n([\s\S]*?)\n```$/m.exec(section) ?? [];
      sections.set(name, { group, example });
    }
  }
  return sections;
}

/** The keys of the forms that are maps, each once; what a form only refuses is none. */
function keysOf(schema: ValueSchema): readonly KeyFacts[] {
  const maps = [schema, ...(schema.anyOf ?? [])].filter(({ properties }) => properties !== undefined);
  const entries = maps.flatMap(({ properties = {}, required }) =>
    Object.entries(properties)
      .filter(([, value]) => !('not' in value))
      .map(([name, value]): [string, KeyFacts] => [
        name,
        {
          name,
          value: describeValue(value),
          isMandatory: maps.length === 1 && required?.includes(name) === true,
        },
      ]),
  );
  return [...new Map(entries).values()];
}

function attributeFacts(name: string, schema: ValueSchema, section: Section | undefined): AttributeFacts {
  const [, describe = '', standard] = /^(.*?)(?: Default: (.*)\.)?$/.exec(schema.description ?? '') ?? [];
  return {
    ...{ name, describe, standard },
    group: section?.group ?? '',
    example: section?.example,
    value: describeValue(schema),
    keys: keysOf(schema),
    isInDefaults: (DEFAULT_NAMES as readonly string[]).includes(name),
  };
}

type Shape = Readonly<Record<string, ValueSchema>>;

/** Every setting of a configuration, in the order of its page; one without a section comes last. */
export function allAttributes(): readonly AttributeFacts[] {
  const sections = sectionsOf(readFileSync(PAGE, 'utf8'));
  const top = (jsonSchema() as ValueSchema).properties ?? {};
  const services = top['services']?.additionalProperties;
  const own: Shape = (services ? services.properties : undefined) ?? {};
  const all: Shape = {
    ...top,
    ...Object.fromEntries(ATTRIBUTE_NAMES.map((name) => [name, own[name] ?? {}])),
  };
  const order = [...sections.keys()];
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(all)
    .map(([name, schema]) => attributeFacts(name, schema, sections.get(name)))
    .sort((one, other) => place(one.name) - place(other.name));
}
