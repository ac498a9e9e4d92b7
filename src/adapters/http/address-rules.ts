import { BlockList, isIP } from 'node:net';

/** `never` holds keys to the machine or is no address of one receiver; `private` is this machine or a network of its own. */
export type AddressKind = 'public' | 'private' | 'never';

type Subnet = readonly [network: string, prefix: number];

const NEVER: readonly Subnet[] = [
  // Link-local: where clouds answer anybody on the machine with its credentials (AWS, Azure, Google, Oracle, …).
  ['169.254.0.0', 16],
  // The same services of Alibaba, Azure and Oracle, at addresses of other ranges.
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const NEVER_6: readonly Subnet[] = [
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['ff00::', 8],
  // Teredo and 6to4 carry any IPv4 address inside; nobody serves anything there any more.
  ['2001::', 32],
  ['2002::', 16],
];
const PRIVATE: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
];
const PRIVATE_6: readonly Subnet[] = [
  ['::', 96],
  ['fc00::', 7],
  ['fec0::', 10],
  ['64:ff9b:1::', 48],
];

function blockList(subnets: readonly Subnet[], subnets6: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) {
    list.addSubnet(network, prefix, 'ipv4');
    // Behind NAT64 every IPv4 address has this second name. The mapped form (::ffff:…) the list knows by itself.
    list.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
  }
  for (const [network, prefix] of subnets6) list.addSubnet(network, prefix, 'ipv6');
  return list;
}

const never = blockList(NEVER, NEVER_6);
const privates = blockList(PRIVATE, PRIVATE_6);

/** What kind of place an IP address is. What is no IP address is `never`. */
export function kindOfAddress(address: string): AddressKind {
  const [bare = ''] = address.split('%');
  const version = isIP(bare);
  if (version === 0) return 'never';
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (never.check(bare, family)) return 'never';
  return privates.check(bare, family) ? 'private' : 'public';
}
