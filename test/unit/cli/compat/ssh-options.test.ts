import { describe, expect, test } from '@jest/globals';
import { readSshOptions } from '../../../../src/cli/compat/ssh-options.ts';

const nothing = { own: [], all: [], foreign: [], words: [], terminal: false, noInput: false };

describe('what our own transport does', () => {
  test.each([
    [['-o', 'StrictHostKeyChecking=no', '-oPort 22'], { own: ['-o', 'StrictHostKeyChecking=no', '-o', 'Port 22'] }],
    [
      ['-i', 'key', '-p22', '-l', 'u', '-J', 'jump', '-4'],
      { own: ['-i', 'key', '-p', '22', '-l', 'u', '-J', 'jump', '-4'] },
    ],
  ])('%j', (argv, found) => {
    expect(readSshOptions(argv)).toEqual({ ...nothing, all: found.own, ...found });
  });

  test.each([
    [['-q', '-vv', '-axC'], {}],
    [['-o', 'BatchMode=yes', '-o', 'ControlMaster auto'], {}],
    [['-F', 'file'], { configFile: 'file' }],
    [['-tt'], { terminal: true }],
    [['-t', '-T', '-t'], {}],
    [['-o', 'RequestTTY=force'], { terminal: true }],
    [['-n'], { noInput: true }],
    [['-q', 'sudo', '-i'], { words: ['sudo', '-i'] }],
    [['-o', 'PubkeyAuthentication=no'], { own: ['-o', 'IdentityFile=none', '-o', 'IdentityAgent=none'] }],
  ])('%j', (argv, found) => {
    expect(readSshOptions(argv)).toMatchObject({ ...nothing, all: expect.anything(), ...found });
  });
});

test.each([
  [['-o', 'Ciphers=aes128-ctr'], ['-o Ciphers=aes128-ctr']],
  [['-L', '1:a:2', '-q'], ['-L 1:a:2']],
  [['-c', 'aes128-ctr'], ['-c aes128-ctr']],
  [['-o', 'GSSAPIAuthentication=yes'], ['-o GSSAPIAuthentication=yes']],
  [['-o', 'ForwardAgent=yes'], ['-o ForwardAgent=yes']],
])("%j needs the system's ssh", (argv, foreign) => {
  const found = readSshOptions(argv);
  expect(found.foreign).toEqual(foreign);
  expect(found.all.join(' ')).toContain(foreign[0]);
});

test.each([[['-N']], [['-fq']], [['-W', 'a:1']], [['-o']], [['-O', 'exit']]])('%j is refused', (argv) => {
  expect(() => readSshOptions(argv)).toThrow(/^ssh/);
});
