import type { ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import {
  type PackageState,
  packageResult,
  packageTouches,
  planPackages,
  readPackages,
} from './system/packages/core.ts';
import { badName, type PackageRequest } from './system/packages/request.ts';
import { rpmArgs, rpmProblem, rpmRequest } from './system/packages/rpm-args.ts';

const ARGS = {
  ...rpmArgs,
  use_backend: {
    type: 'str',
    default: 'auto',
    choices: ['auto', 'yum', 'yum4', 'dnf', 'dnf4', 'dnf5'],
    doc: 'auto: dnf where yum is a name for it, else yum 3.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const yum: Module<typeof ARGS, PackageState> = defineModule({
  name: 'yum',
  summary: 'Packages of RHEL and its kin, with yum, or dnf where it took its place.',
  args: ARGS,
  validate: (args) => rpmProblem(args) ?? badName(args.name ?? []),
  touches: (args) => packageTouches(requestOf(args)),
  read: (args) => readPackages(requestOf(args)),
  plan: (args, now, context) => planPackages(requestOf(args), now, context),
  result: (_args, now, outputs) => packageResult(now, outputs),
});

function requestOf(args: Args): PackageRequest {
  const request = rpmRequest(args);
  if (args.use_backend === 'auto') return request;
  return { ...request, backend: args.use_backend === 'dnf5' ? 'dnf5' : args.use_backend === 'yum' ? 'yum' : 'dnf' };
}
