import { swap } from '../../src/modules/swap.ts';
import { testModule } from '../support/test-module.ts';
import { file, printed } from './printed.ts';

const HEADER = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority';
const FSTAB = [
  '# /etc/fstab: swap is mentioned here',
  'UUID=1234-abcd\t/\text4\terrors=remount-ro\t0\t1',
  '/dev/sdb1  /mnt/swarm  xfs  defaults  0 0',
  'UUID=99-88\tnone\tswap\tsw\t0\t0\t# the old one',
  '/swap.img none swap sw 0 0',
  'LABEL=swap0 swap swap defaults',
  '#/dev/sda9 none swap sw 0 0',
  '/my\\040swap none swap sw,pri=5 0 0',
  '',
].join('\n');

testModule(swap, [
  {
    name: 'none anywhere',
    args: {},
    host: printed({ swaps: HEADER, fstab: file('UUID=1 / ext4 defaults 0 1\n') }),
    changes: [],
  },
  {
    name: 'off now, by device; the way back keeps the priority',
    args: {},
    host: printed({
      swaps: [HEADER, '/dev/sda2                               partition\t1000\t0\t-2', '/my\\040swap file 5 0 5'],
    }),
    changes: [
      { summary: 'swapoff /dev/sda2, /my swap', undo: { script: "swapon /dev/sda2 && swapon -p 5 '/my swap'" } },
    ],
  },
  {
    name: 'the fstab by field: /mnt/swarm, comments, tabs and trailing comments stay',
    args: {},
    host: printed({ swaps: HEADER, fstab: file(FSTAB) }),
    changes: [
      {
        kind: 'put',
        backup: true,
        summary: 'comment out the swap of UUID=99-88, /swap.img, LABEL=swap0, /my swap in /etc/fstab',
        content: FSTAB.replace(/^(?=UUID=99|\/swap\.img|LABEL=swap0|\/my)/gm, '#'),
      },
    ],
  },
  {
    name: 'entries removed',
    args: { entries: 'remove', backup: false },
    host: printed({ fstab: file('/swap.img none swap sw 0 0\n/dev/sda1 / ext4\n') }),
    changes: [{ content: '/dev/sda1 / ext4\n', backup: false }],
  },
  {
    name: 'GPT partitions and unit files: swap.target is masked; units of the fstab go with their entries',
    args: {},
    host: printed({
      swaps: [HEADER, '/dev/sda3 partition 1 0 -2'],
      systemd: 'yes',
      target: 'static',
      units: [
        'Id=dev-sda3.swap',
        'LoadState=loaded',
        'FragmentPath=/run/systemd/generator.late/dev-sda3.swap',
        'SourcePath=/etc/systemd/system',
        '',
        'Id=dev-sdb.swap',
        'LoadState=loaded',
        'FragmentPath=/run/systemd/generator/dev-sdb.swap',
        'SourcePath=/etc/fstab',
        '',
        'Id=hand.swap',
        'LoadState=loaded',
        'FragmentPath=',
        'SourcePath=',
      ],
    }),
    changes: [
      { summary: 'mask swap.target, which starts dev-sda3.swap at boot', undo: { summary: 'unmask swap.target' } },
      'let systemd read its units again',
      'swapoff /dev/sda3',
    ],
  },
  {
    name: 'zram by the generator of the distribution, and services',
    args: {},
    host: printed({
      systemd: 'yes',
      target: 'masked',
      zrampath: '/usr/lib/systemd/zram-generator.conf',
      zram: file('[zram0]\nzram-size = ram / 2\n'),
      services: ['zramswap.service', 'dphys-swapfile.service'],
    }),
    changes: [
      { kind: 'put', path: '/etc/systemd/zram-generator.conf', expect: 'absent', undo: { kind: 'run' } },
      'disable and stop zramswap.service',
      'disable and stop dphys-swapfile.service',
      'let systemd read its units again',
    ],
  },
  {
    name: 'an empty file of our own hides the generator’s',
    args: {},
    host: printed({ zrampath: '/etc/systemd/zram-generator.conf', zram: file('# No zram device\n') }),
    changes: [],
  },
  {
    name: 'boot: false is swapoff alone',
    args: { boot: false },
    host: printed({ swaps: [HEADER, '/dev/sda2 partition 1 0 -2'], fstab: file(FSTAB) }),
    changes: ['swapoff /dev/sda2'],
  },
  {
    name: 'after a reboot nothing is active, but the entries would be',
    args: {},
    host: printed({ swaps: [HEADER, '/dev/sda2 partition 1 0 -2'], fstab: file('/dev/sda2 none swap sw 0 0\n') }),
    boot: {
      active: [],
      unreadable: false,
      units: [],
      targetMasked: false,
      systemd: false,
      services: [],
      fstab: file('/dev/sda2 none swap sw 0 0\n'),
    },
    result: { active: ['/dev/sda2'], fstab_entries: ['/dev/sda2'] },
    changes: [{ kind: 'put' }, 'swapoff /dev/sda2'],
  },
  { name: 'an fstab that cannot be read', args: {}, host: '\n@fstab!\n', refused: '/etc/fstab cannot be read' },
]);
