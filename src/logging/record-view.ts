import { formatAddress } from '../model/address.ts';
import {
  FAILURE_FIELDS,
  type FailureField,
  type LogPolicy,
  SUCCESS_FIELDS,
  type SuccessField,
} from '../model/log-policy.ts';
import { type ShowAddress, showAddresses } from './address-privacy.ts';

/** What records of one service may say. */
export interface RecordView {
  readonly success: ReadonlySet<SuccessField>;
  readonly failure: ReadonlySet<FailureField>;
  readonly address: ShowAddress;
  /** Whether ports and credentials may be told as well: they lead to a client. */
  readonly isOpen: boolean;
}

/** Everything: of what the daemon says of itself. */
export const FULL_VIEW: RecordView = {
  success: new Set(SUCCESS_FIELDS),
  failure: new Set(FAILURE_FIELDS),
  address: formatAddress,
  isOpen: true,
};

export function recordView({ success, failure, address }: LogPolicy, key: Uint8Array): RecordView {
  return {
    success: new Set(success),
    failure: new Set(failure),
    address: showAddresses(address, key),
    isOpen: address.kind === 'keep',
  };
}
