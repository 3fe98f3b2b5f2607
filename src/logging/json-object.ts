/** What a record of JSON is made of; a key without a value is left out. */
export interface JsonObject {
  readonly [key: string]:
    | string
    | number
    | boolean
    | JsonObject
    | readonly JsonObject[]
    | readonly number[]
    | readonly string[]
    | undefined;
}
