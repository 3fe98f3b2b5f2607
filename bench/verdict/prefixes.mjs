import { prefixOf } from '../../dist/model/prefix.js';
import { PrefixListBuilder } from '../../dist/model/prefix-list.js';

/** How long prefixes of blocklists are: most are single addresses and /24, as in what is published. */
const LENGTHS = { 4: [32, 32, 32, 32, 32, 24, 24, 24, 22, 20, 16], 6: [128, 64, 64, 56, 48, 48, 44, 32] };

/**
 * @param {4 | 6} family
 * @param {() => number} word
 */
export function randomKey(family, word) {
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, word());
  // What is given out of IPv6: 2000::/3, and of it little more than 2400::/12 to 2a00::/12.
  if (family === 6) bytes.set([0x20 | (word() % 11), (bytes[1] ?? 0) & 0x1f]);
  return bytes;
}

/**
 * Random prefixes of one family, some within others, and addresses of which half are in one of them.
 *
 * @param {{ family: 4 | 6, count: number, addresses: number, word: () => number }} options
 */
export function randomCase({ family, count, addresses, word }) {
  const builder = new PrefixListBuilder();
  const prefixes = Array.from({ length: count }, () => {
    const lengths = LENGTHS[family];
    return prefixOf(randomKey(family, word), lengths[word() % lengths.length]);
  });
  for (const [index, prefix] of prefixes.entries()) builder.add(prefix, index + 1);
  const keys = Array.from({ length: addresses }, (_, index) => {
    const key = randomKey(family, word);
    return index % 2 === 0 ? key : within(prefixes[word() % count], key);
  });
  return { list: builder.finish(), keys };
}

/** The address with the first bits of the prefix. */
function within(prefix, key) {
  const masked = prefixOf(key, prefix.length);
  return key.map((byte, at) => byte ^ masked.bytes[at] ^ prefix.bytes[at]);
}
