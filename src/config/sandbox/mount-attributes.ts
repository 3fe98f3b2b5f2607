/** struct mount_attr: attr_set, attr_clr, propagation, userns_fd. */
export function mountAttributes(change: { readonly set?: number; readonly clear?: number }): Uint8Array {
  const attributes = new BigUint64Array([BigInt(change.set ?? 0), BigInt(change.clear ?? 0), 0n, 0n]);
  return new Uint8Array(attributes.buffer);
}
