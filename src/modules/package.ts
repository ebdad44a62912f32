import type { ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { aptArgs, aptRequest } from './system/packages/apt-args.ts';
import {
  type PackageState,
  packageResult,
  packageTouches,
  planPackages,
  readPackages,
} from './system/packages/core.ts';
import { badName, type PackageRequest } from './system/packages/request.ts';
import { rpmArgs, rpmRequest } from './system/packages/rpm-args.ts';

const {
  name: _aptName,
  state: _aptState,
  lock_timeout: _aptLock,
  update_cache: _aptUpdate,
  autoremove: _aptAuto,
  allow_downgrade: _aptDown,
  ...APT
} = aptArgs;
const { name: _name, state: _state, ...RPM } = rpmArgs;

const ARGS = {
  ...APT,
  ...RPM,
  name: {
    type: 'list',
    elements: 'str',
    required: true,
    aliases: ['pkg', 'package'],
    doc: 'Packages, by the names of the host: `curl`, `kubelet=1.36.*` (apt), `kubelet-1.36.1` (dnf, yum); `*` with state latest: all.',
  },
  state: {
    type: 'str',
    default: 'present',
    choices: ['present', 'installed', 'latest', 'absent', 'removed', 'build-dep', 'fixed'],
    doc: 'What is wanted.',
  },
  use: {
    type: 'str',
    default: 'auto',
    choices: ['auto', 'apt', 'dnf', 'dnf5', 'dnf4', 'yum'],
    doc: 'The package manager; auto: that of the distribution.',
    differs: 'apt, dnf 4, dnf 5 and yum; others are refused.',
  },
  lock_timeout: {
    type: 'int',
    default: 120,
    doc: 'Seconds to wait for another package manager to end; it is named and never killed.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const packageModule: Module<typeof ARGS, PackageState> = defineModule({
  name: 'package',
  summary: 'Packages, with the package manager of the host.',
  args: ARGS,
  validate: (args) => badName(args.name),
  touches: (args) => packageTouches(requestOf(args)),
  read: (args) => readPackages(requestOf(args)),
  plan: (args, now, context) => planPackages(requestOf(args), now, context),
  result: (_args, now, outputs) => packageResult(now, outputs),
});

function requestOf(args: Args): PackageRequest {
  const state = args.state === 'installed' ? 'present' : args.state === 'removed' ? 'absent' : args.state;
  const common = { ...args, state };
  const apt = aptRequest(common);
  const rpm = rpmRequest(common);
  const manager = args.use === 'auto' ? 'auto' : args.use === 'apt' ? 'apt' : 'rpm';
  const backend = args.use === 'dnf4' ? 'dnf' : args.use;
  return {
    ...apt,
    manager,
    rpm: rpm.rpm,
    ...(backend === 'auto' || backend === 'apt' ? {} : { backend }),
  };
}
