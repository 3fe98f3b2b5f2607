import { askRpcbind } from './ask-rpcbind.ts';
import { decodeBoolean, decodeMappings, encodeMapping, type Mapping } from './rpcb.ts';
import type { CallFailure, RpcbindLink } from './rpcbind-link.ts';

export type WantedMapping = Omit<Mapping, 'owner'>;

/** `held`: rpcbind said no, and names the owner of what is there, if anything is. */
export type ChangeOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'held'; readonly owner: string | undefined }
  | CallFailure;

type Change = 'set' | 'unset';

function change(link: RpcbindLink, procedure: Change, mapping: WantedMapping) {
  const args = encodeMapping({ ...mapping, owner: '' });
  return askRpcbind(link, { procedure, args, decode: decodeBoolean });
}

/** Who has the program, version and transport. */
async function findOwner(link: RpcbindLink, wanted: WantedMapping): Promise<ChangeOutcome> {
  const dump = { procedure: 'dump', args: new Uint8Array(0), decode: decodeMappings } as const;
  const list = await askRpcbind(link, dump);
  if (list.kind !== 'answer') return list;
  const { program, version, netid } = wanted;
  const isSame = (it: Mapping): boolean =>
    it.program === program && it.version === version && it.netid === netid;
  return { kind: 'held', owner: list.value.find(isSame)?.owner };
}

/**
 * Makes rpcbind hold a mapping. It takes the same one again, and no other for the same program, version and
 * transport: one that somebody left behind is undone first, which only its owner may.
 */
export async function setMapping(link: RpcbindLink, mapping: WantedMapping): Promise<ChangeOutcome> {
  for (const procedure of ['set', 'unset', 'set'] as const) {
    const answer = await change(link, procedure, mapping);
    if (answer.kind !== 'answer') return answer;
    if (procedure === 'set' && answer.value) return { kind: 'done' };
  }
  return findOwner(link, mapping);
}

/** Done, too, when there was nothing to undo. */
export async function unsetMapping(link: RpcbindLink, mapping: WantedMapping): Promise<ChangeOutcome> {
  const answer = await change(link, 'unset', mapping);
  if (answer.kind !== 'answer') return answer;
  return answer.value ? { kind: 'done' } : findOwner(link, mapping);
}
