/** As much of a JSON Schema as ours uses. */
export interface ValueSchema {
  readonly type?: string;
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly ValueSchema[];
  readonly items?: ValueSchema;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly additionalProperties?: ValueSchema | false;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
  readonly description?: string;
}

/** What the patterns of the schema mean: by a text that such a pattern takes, and one that it leaves. */
const TEXTS: readonly { readonly takes: string; readonly leaves: string; readonly words: string }[] = [
  { takes: '/x', leaves: 'x', words: 'absolute path' },
  { takes: '022', leaves: '9', words: 'octal text' },
  { takes: 'tcp://127.0.0.1:7', leaves: 'x', words: 'address' },
  { takes: 'unlimited', leaves: 'other', words: 'quantity, `unlimited`' },
  { takes: '5s', leaves: 'other', words: 'duration' },
  { takes: '1-5', leaves: 'other', words: 'range' },
  { takes: 'other', leaves: '', words: 'name' },
];

function describeText({ pattern }: ValueSchema): string {
  if (pattern === undefined) return 'text';
  const form = new RegExp(pattern);
  return TEXTS.find(({ takes, leaves }) => form.test(takes) && !form.test(leaves))?.words ?? 'text';
}

function describeNumber({ minimum, maximum, exclusiveMinimum }: ValueSchema): string {
  const most = Number.MAX_SAFE_INTEGER;
  if (exclusiveMinimum !== undefined) return `number above ${exclusiveMinimum}`;
  const hasLeast = minimum !== undefined && minimum > -most;
  const hasMost = maximum !== undefined && maximum < most;
  if (hasLeast && hasMost) return `${minimum} to ${maximum}`;
  return hasLeast ? `${minimum} or more` : 'number';
}

function describeMap(schema: ValueSchema): string {
  const keys = Object.keys(schema.properties ?? {});
  if (keys.length === 0) return 'map';
  return `\`{${keys.join(', ')}}\``;
}

/** A value of a configuration in words, for a cell of a table. */
export function describeValue(schema: ValueSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(describeValue))].join(' or ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((each) => `\`${each}\``).join(', ');
  switch (schema.type) {
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
    case 'number':
      return describeNumber(schema);
    case 'array':
      return `list of ${describeValue(schema.items ?? {})}`;
    case 'object':
      return describeMap(schema);
    default:
      return describeText(schema);
  }
}
