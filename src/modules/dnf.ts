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
    choices: ['auto', 'dnf', 'yum', 'yum4', 'dnf4', 'dnf5'],
    doc: 'Which dnf; auto: the newest that is there.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const dnf: Module<typeof ARGS, PackageState> = defineModule({
  name: 'dnf',
  aliases: ['dnf5'],
  summary: 'Packages of Fedora, RHEL and their kin, with dnf 5 or dnf 4.',
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
