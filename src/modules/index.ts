// Written by `npm run gen` from the files beside it; not edited by hand.
import type { AnyAction, AnyModule, Registry } from '../model/module.ts';
import { apt } from './apt.ts';
import { command } from './command.ts';
import { dnf } from './dnf.ts';
import { packageModule } from './package.ts';
import { raw } from './raw.ts';
import { script } from './script.ts';
import { shell } from './shell.ts';
import { sysctl } from './sysctl.ts';
import { yum } from './yum.ts';

/** Every module and action, in the order of their file names. */
export const modules: readonly (AnyModule | AnyAction)[] = [
  apt,
  command,
  dnf,
  packageModule,
  raw,
  script,
  shell,
  sysctl,
  yum,
];

/** Modules and actions by short name and alias. */
export const registry: Registry = new Map(
  modules.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),
);
