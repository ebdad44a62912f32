import { defineModule, type Module } from '../model/module.ts';
import { aptArgs, aptRequest } from './system/packages/apt-args.ts';
import {
  type PackageState,
  packageResult,
  packageTouches,
  planPackages,
  readPackages,
} from './system/packages/core.ts';
import { badName } from './system/packages/request.ts';

export const apt: Module<typeof aptArgs, PackageState> = defineModule({
  name: 'apt',
  summary: 'Packages of Debian and Ubuntu.',
  args: aptArgs,
  validate: (args) => {
    if (args.name && args.deb !== undefined) return 'name and deb exclude each other';
    if (args.upgrade !== 'no' && args.name?.some((name) => name !== '*')) return 'upgrade and name exclude each other';
    const asked =
      args.name || args.deb !== undefined || args.upgrade !== 'no' || args.update_cache || args.cache_valid_time > 0;
    if (!asked && !args.autoremove && !args.autoclean && !args.clean && args.state !== 'fixed') {
      return 'one of name, deb, upgrade, update_cache, autoremove, autoclean or clean is needed';
    }
    return badName(args.name ?? []);
  },
  touches: (args) => packageTouches(aptRequest(args)),
  read: (args) => readPackages(aptRequest(args)),
  plan: (args, now, context) => planPackages(aptRequest(args), now, context),
  result: (_args, now, outputs) => packageResult(now, outputs),
});
