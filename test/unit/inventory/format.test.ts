import { describe, expect, test } from '@jest/globals';
import { isIPv6, splitAddress } from '../../../src/inventory/address.ts';
import { detectFormat, isProgram } from '../../../src/inventory/format.ts';

describe('the format of a file', () => {
  test.each([
    ['hosts.yaml', 'h\n', 'yaml'],
    ['hosts.yml', '[g]\n', 'yaml'],
    ['hosts.json', '{}', 'json'],
    ['kube', 'root@a\nb:22 user\n', 'pssh'],
    ['kube', '# [g]\n; a b=c\nnode1 # x=1\n', 'pssh'],
    ['kube', '[2001:db8::1]\n', 'pssh'],
    ['kube', '', 'pssh'],
    ['hosts', 'a\n[g]\n', 'ini'],
    ['hosts', 'a\n  [g:vars] # x\n', 'ini'],
    ['hosts', 'a ansible_port=22\n', 'ini'],
    ['hosts.ini', 'a\nb\n', 'pssh'],
    ['hosts', 'a\r\n[g]\r\nb\r\n', 'ini'],
  ])('%s holding %j is %s', (path, text, format) => {
    expect(detectFormat(`/x/${path}`, text)).toBe(format);
  });

  test.each([
    ['#!/bin/sh\n', true],
    ['\x7fELF\x02\x01\x01\x00\x00', true],
    ['[web]\nweb1\n', false],
    ['', false],
  ])('%j is a program: %s', (text, program) => {
    expect(isProgram(Buffer.from(text, 'latin1'))).toBe(program);
  });
});

describe('IPv6', () => {
  test.each([
    '::',
    '::1',
    '1::',
    'fe80::1%eth0',
    '2001:db8::1',
    '1:2:3:4:5:6:7:8',
    '1::8',
    '1:2:3:4:5:6:7::',
    '::ffff:10.0.0.1',
    '1:2:3:4:5:6:1.2.3.4',
  ])('%s is an address', (text) => expect(isIPv6(text)).toBe(true));

  test.each([
    '',
    '1',
    'a:b',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'g::',
    '::1%',
    '::1.2.3',
    '::256.1.1.1',
    'fe80::1%a%b',
    '1.2.3.4::',
    '10.0.0.1:22',
  ])('%j is none', (text) => expect(isIPv6(text)).toBe(false));
});

describe('addresses', () => {
  test.each([
    ['h', { host: 'h' }],
    ['h:22', { host: 'h', port: 22 }],
    ['u@h', { host: 'h', user: 'u' }],
    ['u@d@h:22', { host: 'h', user: 'u@d', port: 22 }],
    ['::1', { host: '::1' }],
    ['u@::1', { host: '::1', user: 'u' }],
    ['[::1]', { host: '::1' }],
    ['u@[::1]:2222', { host: '::1', user: 'u', port: 2222 }],
    ['n[01:20]:22', { host: 'n[01:20]', port: 22 }],
    ['2001:db8::[1:5]', { host: '2001:db8::[1:5]' }],
    ['n[01-20,25]', { host: 'n[01-20,25]' }],
  ])('%s', (text, address) => {
    expect(splitAddress(text)).toEqual(address);
  });

  test.each(['@h', 'h:', 'h:70000', 'h:0', 'a:b:c', 'h:x', '[::1]:0'])('%s is refused', (text) => {
    expect(splitAddress(text)).toHaveProperty('problem');
  });
});
