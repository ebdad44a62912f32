import { mount } from '../../src/modules/mount.ts';
import { testModule, testOnShells } from '../support/test-module.ts';
import { file, printed } from './printed.ts';

const data = { path: '/mnt/data', src: 'UUID=1', fstype: 'ext4', state: 'present' };
const MOUNTED = '36 35 98:0 / /mnt/data rw,noatime shared:1 - ext4 /dev/sdb1 rw';

testModule(mount, [
  {
    name: 'already in the fstab, whatever its blanks',
    args: data,
    host: printed({ fstab: file('UUID=1\t/mnt/data  ext4\tdefaults 0 0 # x\n') }),
    changes: [],
  },
  {
    name: 'short lines have their defaults',
    args: data,
    host: printed({ fstab: file('UUID=1 /mnt/data ext4\n') }),
    changes: [],
  },
  {
    name: 'added at the end',
    args: data,
    host: printed({ fstab: file('# c\n') }),
    changes: [{ content: '# c\nUUID=1 /mnt/data ext4 defaults 0 0\n' }],
  },
  {
    name: 'a changed field keeps tabs and what follows',
    args: { ...data, opts: 'noatime', passno: 2 },
    host: printed({ fstab: file('UUID=1\t/mnt/data\text4\tdefaults\t0\t0\t# mine\nUUID=2 / ext4\n') }),
    changes: [{ content: 'UUID=1\t/mnt/data\text4\tnoatime\t0\t2\t# mine\nUUID=2 / ext4\n' }],
  },
  {
    name: 'blanks are \\040',
    args: { ...data, path: '/mnt/my data' },
    host: printed({ fstab: file('') }),
    changes: [{ content: 'UUID=1 /mnt/my\\040data ext4 defaults 0 0\n' }],
  },
  {
    name: 'boot: false is noauto',
    args: { ...data, boot: false },
    host: printed({ fstab: file('') }),
    changes: [{ content: 'UUID=1 /mnt/data ext4 defaults,noauto 0 0\n' }],
  },
  {
    name: 'mounted makes the directory, the entry and the mount',
    args: { ...data, state: 'mounted' },
    host: printed({ kind: 'absent' }),
    changes: ['make the directory /mnt/data', 'add /mnt/data in /etc/fstab', 'mount /mnt/data'],
  },
  {
    name: 'mounted already',
    args: { ...data, state: 'mounted' },
    host: printed({ kind: 'directory', mounts: MOUNTED, fstab: file('UUID=1 /mnt/data ext4\n') }),
    changes: [],
  },
  {
    name: 'other options: remount',
    args: { ...data, state: 'mounted', opts: 'ro' },
    host: printed({ kind: 'directory', mounts: MOUNTED, fstab: file('UUID=1 /mnt/data ext4\n') }),
    changes: ['change /mnt/data in /etc/fstab', 'remount /mnt/data'],
  },
  {
    name: 'unmounted leaves the fstab',
    args: { path: '/mnt/data', state: 'unmounted' },
    host: printed({ mounts: MOUNTED, fstab: file('UUID=1 /mnt/data ext4\n') }),
    changes: [{ summary: 'unmount /mnt/data', undo: { summary: 'mount /dev/sdb1 on /mnt/data again' } }],
  },
  {
    name: 'absent goes everywhere',
    args: { path: '/mnt/data', state: 'absent' },
    host: printed({ kind: 'directory', mounts: MOUNTED, fstab: file('UUID=1 /mnt/data ext4\n/a /b c\n') }),
    changes: [{ content: '/a /b c\n' }, 'unmount /mnt/data', 'remove the directory /mnt/data'],
  },
  {
    name: 'absent already',
    args: { path: '/mnt/data', state: 'absent' },
    host: printed({ kind: 'absent', fstab: file('') }),
    changes: [],
  },
  {
    name: 'swap entries by device',
    args: { path: 'none', src: '/swap.img', fstype: 'swap', state: 'absent_from_fstab' },
    host: printed({ fstab: file('/swap.img none swap sw 0 0\n/dev/sda2 none swap sw 0 0\n') }),
    changes: [{ content: '/dev/sda2 none swap sw 0 0\n' }],
  },
  {
    name: 'nothing mounted to remount',
    args: { path: '/mnt/data', state: 'remounted' },
    host: printed({ kind: 'directory' }),
    refused: 'is not mounted',
  },
  { name: 'src and fstype are needed', args: { path: '/x', state: 'mounted' }, invalid: 'src and fstype are missing' },
  {
    name: 'another file system is mounted there already',
    args: { ...data, state: 'ephemeral' },
    host: printed({ kind: 'directory', mounts: MOUNTED }),
    refused: 'already mounted with a different source: /dev/sdb1',
  },
]);

testOnShells(mount, [
  {
    name: 'an fstab of its own',
    args: { ...data, fstab: '{root}/fstab', backup: true },
    files: { fstab: '# c\nproc /proc proc\n' },
    after: { fstab: '# c\nproc /proc proc\nUUID=1 /mnt/data ext4 defaults 0 0\n', 'fstab~': '# c\nproc /proc proc\n' },
  },
  {
    name: 'a new fstab',
    args: { ...data, fstab: '{root}/fstab' },
    after: { fstab: 'UUID=1 /mnt/data ext4 defaults 0 0\n' },
  },
]);
