import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { kindOfAddress } from './address-rules.js';

/** The address that a URL leads to may not be called. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly code = 'ERR_ADDRESS_REFUSED';
}

interface AgentOptions {
  /** Whether loopback and private networks may be called; link-local and metadata addresses never may. */
  allowPrivate: boolean;
}

/**
 * For requests to addresses that somebody else chose. It looks at the IP address that is really connected to, after the
 * name was resolved, so that neither a name nor a way of writing numbers leads round it.
 */
export function createGuardedAgent({ allowPrivate }: AgentOptions): Agent {
  function refusalOf(address: string): AddressRefusedError | null {
    const kind = kindOfAddress(address);
    if (kind === 'public' || (kind === 'private' && allowPrivate)) return null;
    const why = kind === 'private' ? 'is private, which is not allowed here' : 'may never be called';
    return new AddressRefusedError(`The address ${address} ${why}`);
  }

  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => refusalOf(address) === null);
      const [first] = allowed;
      if (!first) {
        const refused = refusalOf(found[0]?.address ?? '');
        return callback(refused ?? new AddressRefusedError(`${hostname} has no address`), '', 0);
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };

  const connect = buildConnector({ lookup: guardedLookup });
  return new Agent({
    connect(options, callback) {
      // For a literal address nothing is looked up.
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      const refused = isIP(literal) === 0 ? null : refusalOf(literal);
      if (refused) callback(refused, null);
      else connect(options, callback);
    },
  });
}
