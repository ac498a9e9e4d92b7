import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { kindOfAddress } from '../../../src/adapters/http/address-rules.js';

describe('an address', () => {
  test.each([
    '169.254.169.254',
    '169.254.170.2',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    'example.org',
    '',
  ])('%s is never called', (address) => {
    expect(kindOfAddress(address)).toBe('never');
  });

  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::1',
    '::',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fdab::1',
  ])('%s is private', (address) => {
    expect(kindOfAddress(address)).toBe('private');
  });

  test.each(['1.1.1.1', '172.32.0.1', '169.253.1.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::101:101'])(
    '%s is public',
    (address) => {
      expect(kindOfAddress(address)).toBe('public');
    },
  );

  test('is judged alike in every way of writing IPv4 into IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const kind = kindOfAddress(address);
        expect(kindOfAddress(`::ffff:${address}`)).toBe(kind);
        expect(kindOfAddress(`64:ff9b::${address}`)).toBe(kind);
      }),
    );
  });
});
