import type { Schema } from './schema.ts';

/** What of a schema says which keys a value may have, in zod's words. */
interface Definition {
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly options?: readonly Schema[];
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
}

/** The schemas of what stands below a key, or in a list. */
function below(schema: Schema, key: PropertyKey): readonly Schema[] {
  const { shape, options, innerType, element, valueType } = schema.def as Definition;
  if (innerType) return below(innerType, key);
  if (options) return options.flatMap((option) => below(option, key));
  if (element ?? valueType) return [element ?? valueType].filter((each) => each !== undefined);
  const found = shape && Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
  return found ? [found] : [];
}

function keysHere(schema: Schema): readonly string[] {
  const { shape, options, innerType } = schema.def as Definition;
  if (innerType) return keysHere(innerType);
  return options ? options.flatMap(keysHere) : Object.keys(shape ?? {});
}

/** What a value at the end of the path may be, whichever of its forms each map on the way takes. */
export function schemasAt(schema: Schema, path: readonly PropertyKey[]): readonly Schema[] {
  const [key, ...rest] = path;
  return key === undefined ? [schema] : below(schema, key).flatMap((inner) => schemasAt(inner, rest));
}

/** Every key that a map at the end of the path may have. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  return schemasAt(schema, path).flatMap(keysHere);
}
