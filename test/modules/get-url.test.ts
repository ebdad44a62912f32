import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { getUrl } from '../../src/modules/get-url.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const sum = (text: string, algorithm = 'sha256') => createHash(algorithm).update(text).digest('hex');
const URL = 'https://dl.example.org/v1/kubectl?x=1';
/** What the read prints for a host with this program, and no file yet. */
const fresh = (program: string) => `${program}\0\x001\0/opt/kubectl\0absent\x000\0\0`;

testModule(getUrl, [
  { name: 'no URL', args: { url: 'kubectl', dest: '/a' }, invalid: 'is no http, https, ftp or file URL' },
  { name: 'a file of some other host', args: { url: 'file://node7/etc/motd', dest: '/a' }, invalid: 'is no http' },
  {
    name: 'a checksum that is none',
    args: { url: URL, dest: '/a', checksum: 'crc:12' },
    invalid: 'The checksum format is',
  },
  {
    name: 'a header with a newline',
    args: { url: URL, dest: '/a', headers: { a: 'b\nheader = c' } },
    invalid: 'cannot hold a newline',
  },
  {
    name: 'headers that are none',
    args: { url: URL, dest: '/a', headers: ['a'] },
    invalid: 'headers must be a mapping',
  },
  {
    name: 'neither curl nor wget',
    args: { url: URL, dest: '/opt/kubectl' },
    host: fresh('none'),
    refused: 'the host has neither curl nor wget',
  },
  {
    name: 'a password with the wget of busybox',
    args: { url: URL, dest: '/opt/kubectl', url_username: 'u', url_password: 'p' },
    host: fresh('busybox'),
    refused: 'cannot send headers, passwords',
  },
  {
    name: 'the directory is missing',
    args: { url: URL, dest: '/opt/kubectl' },
    host: 'curl\0\x000\0/opt/kubectl\0absent\x000\0\0',
    refused: 'Destination /opt does not exist',
  },
  {
    name: 'secrets go to stdin and not to argv',
    args: { url: URL, dest: '/opt/kubectl', username: 'u', password: 'p"\\', headers: { 'X-Token': 'tok' } },
    host: fresh('curl'),
    changes: [
      {
        kind: 'run',
        stdin: 'header = "X-Token: tok"\nuser = "u:p\\"\\\\"\nuser-agent = "ansible-httpget"\ncompressed\n',
        script: expect.not.stringMatching(/tok|u:p/),
      },
    ],
  },
  {
    name: 'the same for wget',
    args: { url: URL, dest: '/opt/kubectl', username: 'u', password: 'p', headers: 'X-Token:tok' },
    host: fresh('wget'),
    changes: [
      {
        stdin: 'header = X-Token: tok\nuser = u\npassword = p\nauth_no_challenge = on\nuser_agent = ansible-httpget\n',
        script: expect.stringContaining('WGETRC=$kp_c wget'),
      },
    ],
  },
]);

/** Gives what lies in `{root}/web`; the server has nothing newer where `{root}/web/.old` is. */
const CURL = `#!/bin/sh
root=\${0%/bin/curl}
while [ $# -gt 1 ]; do case $1 in -o) out=$2; shift ;; -z) newer=1; shift ;; esac; shift; done
name=\${1##*/}; name=\${name%%\\?*}
if [ -n "$newer" ] && [ -e "$root/web/.old" ]; then printf 304; exit 0; fi
[ -e "$root/web/$name" ] || { echo 'curl: (22) The requested URL returned error: 404' >&2; exit 22; }
cat "$root/web/$name" >"$out"; printf 200
`;
const web = {
  'bin/curl': { content: CURL, mode: '0755' },
  'web/kubectl': 'program',
  opt: { directory: true } as const,
};
const list = `${sum('other')}  ./bin/kubeadm\n${sum('program')} *kubectl\n`;

testOnShells(getUrl, [
  {
    name: 'a new file',
    args: { url: URL, dest: '{root}/opt/kubectl', mode: '0755' },
    files: web,
    after: { 'opt/kubectl': { content: 'program', mode: '0755' } },
    changes: [`fetch ${URL} to {root}/opt/kubectl`],
    always: true,
    result: {
      dest: '{root}/opt/kubectl',
      msg: 'OK (7 bytes)',
      status_code: 200,
      checksum_dest: sum('program', 'sha1'),
    },
  },
  {
    name: 'into a directory, with a checksum, once',
    args: { url: URL, dest: '{root}/opt', checksum: `sha256:${sum('program')}` },
    files: web,
    after: { 'opt/kubectl': { content: 'program', mode: '0644' } },
  },
  {
    name: 'a file of the host itself',
    args: { url: 'file://{root}/a%20key.asc', dest: '{root}/opt/key.asc', mode: '0644' },
    files: { ...web, 'a key.asc': 'key' },
    after: { 'opt/key.asc': { content: 'key', mode: '0644' } },
    noUndo: true,
  },
  {
    name: 'the checksum matches already',
    args: { url: URL, dest: '{root}/opt/kubectl', checksum: `sha256:${sum('old')}` },
    files: { ...web, 'opt/kubectl': 'old' },
    changes: [],
    result: { msg: 'file already exists' },
  },
  {
    name: 'a wrong checksum leaves everything',
    args: { url: URL, dest: '{root}/opt/kubectl', checksum: `sha256:${sum('none')}` },
    files: { ...web, 'opt/kubectl': 'old' },
    fails: `The checksum for the download did not match ${sum('none')}; it was ${sum('program')}`,
  },
  {
    name: 'a list of checksums',
    args: { url: URL, dest: '{root}/opt/kubectl', checksum: 'sha256:https://dl.example.org/v1/SHA256SUMS' },
    files: { ...web, 'web/SHA256SUMS': list },
    after: { 'opt/kubectl': 'program' },
    always: true,
  },
  {
    name: 'a list with a sum alone',
    args: { url: URL, dest: '{root}/opt/kubectl', checksum: 'sha256:https://dl.example.org/v1/kubectl.sha256' },
    files: { ...web, 'web/kubectl.sha256': `${sum('program').toUpperCase()}\n` },
    after: { 'opt/kubectl': 'program' },
    always: true,
  },
  {
    name: 'a list without the file',
    args: { url: URL, dest: '{root}/opt/kubectl', checksum: 'sha256:https://dl.example.org/v1/S' },
    files: { ...web, 'web/S': `${sum('x')}  kubelet\n` },
    fails: "Unable to find a checksum for file 'kubectl' in 'https://dl.example.org/v1/S'",
  },
  {
    name: 'newer than what is there, with a backup',
    args: { url: URL, dest: '{root}/opt/kubectl', backup: true },
    files: { ...web, 'opt/kubectl': { content: 'old', mode: '0711' } },
    after: { 'opt/kubectl': 'program', 'opt/kubectl~': 'old' },
    always: true,
  },
  {
    name: 'the server has nothing newer',
    args: { url: URL, dest: '{root}/opt/kubectl' },
    files: { ...web, 'web/.old': '', 'opt/kubectl': 'old' },
    changes: [`fetch ${URL} to {root}/opt/kubectl where it is newer`],
    always: true,
    result: { msg: 'HTTP Error 304: Not Modified', status_code: 304 },
  },
  {
    name: 'the server does not know it',
    args: { url: 'http://h/none', dest: '{root}/opt/kubectl' },
    files: web,
    fails: 'Request failed: curl: (22) The requested URL returned error: 404',
  },
]);
