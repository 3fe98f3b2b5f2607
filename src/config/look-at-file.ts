import { statSync } from 'node:fs';
import { type FileSignature, signatureOf, signatureOfError } from '../model/file-signature.ts';

/** What is at the path now, or why that cannot be seen. */
export function lookAtFile(path: string): FileSignature {
  try {
    return signatureOf(statSync(path, { bigint: true }));
  } catch (error) {
    return signatureOfError(error);
  }
}
