import {
  type AddressPrivacy,
  FAILURE_FIELDS,
  type LogPolicy,
  type RecordFormat,
  SUCCESS_FIELDS,
} from '../model/log-policy.ts';
import type { LayeredService } from './layer.ts';
import type { LogAddressDocument, LogFormatDocument } from './log-document.ts';
import { parseRecordTemplate } from './record-template.ts';

/** What records of a service say, and what they look like. */
export interface LogFields extends Omit<LogPolicy, 'destination'> {
  readonly format: RecordFormat;
}

/** The networks of one site each, as a rule. */
const IPV4_PREFIX = 24;
const IPV6_PREFIX = 48;

/** To ask who a client is takes a question to another machine, which nobody is asked unless it is written. */
const SUCCESS = SUCCESS_FIELDS.filter((field) => field !== 'userid');
const FAILURE = FAILURE_FIELDS.filter((field) => field !== 'userid');

function privacyOf(written: LogAddressDocument = 'keep'): AddressPrivacy {
  if (typeof written === 'string') return { kind: written };
  const { ipv4 = IPV4_PREFIX, ipv6 = IPV6_PREFIX } = written.truncate;
  return { kind: 'truncate', ipv4Prefix: ipv4, ipv6Prefix: ipv6 };
}

/** A template with a fault was reported when the document was validated. */
function formatOf(written: LogFormatDocument | undefined): RecordFormat {
  if (typeof written !== 'object') return written;
  const template = parseRecordTemplate(written.template);
  return 'reason' in template ? undefined : { template };
}

export function resolveLogFields({ settings }: LayeredService): LogFields {
  return {
    success: settings.log_on_success?.value ?? SUCCESS,
    failure: settings.log_on_failure?.value ?? FAILURE,
    address: privacyOf(settings.log_address?.value),
    format: formatOf(settings.log_format?.value),
  };
}
