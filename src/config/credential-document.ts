/** Where the bytes of a credential are: a path, or as written. */
export type CredentialDocument =
  | string
  | { readonly path: string; readonly optional?: boolean; readonly text?: never }
  | { readonly text: string };
