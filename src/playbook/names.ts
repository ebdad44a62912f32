import type { Group, Host, Inventory } from '../model/inventory.ts';
import type { Template } from '../model/template.ts';
import type { Value, Vars } from '../model/value.ts';
import type { Position } from '../shared/problem.ts';
import { type Evaluator, isWritten } from './vars/evaluate.ts';

/** A template or expression, as it was met. */
export interface Use {
  readonly template: Template;
  readonly text: string;
  readonly at?: Position;
}

export type Uses = Use[];

/** Names that are defined anywhere, and where names are used. */
export interface Names {
  readonly evaluator: Evaluator;
  /** Defined by what stands in files: inventory, play, role, task, vars files, extra vars. */
  readonly fixed: Set<string>;
  /** The values among them that hold templates, for what they need in turn. */
  readonly templates: Map<string, Value[]>;
  /** Defined while the run goes on: `register`, `set_fact`, facts of modules. */
  readonly runtime: Set<string>;
  /** Bound around one evaluation: loop variables. */
  readonly local: Set<string>;
  /** Something may define any name (`include_vars` of a computed file, `add_host` …): nothing can be called undefined. */
  open: boolean;
  /** Tasks make groups or hosts while the run goes on. */
  makesGroups: boolean;
  /** Uses by task, for the check at the end. */
  readonly tasks: { readonly uses: Uses; readonly guarded: boolean }[];
  define(vars: Vars): void;
  /** Adds what the inventory defines; called when somebody wants to know, because an inventory may be large. */
  settle(): void;
}

export function makeNames(evaluator: Evaluator, inventory: Inventory, extra: Vars): Names {
  const fixed = new Set<string>();
  const templates = new Map<string, Value[]>();
  const define = (vars: Vars): void => {
    for (const [name, value] of Object.entries(vars)) {
      fixed.add(name);
      if (!isWritten(value)) continue;
      const known = templates.get(name);
      if (known) known.push(value);
      else templates.set(name, [value]);
    }
  };
  let settled = false;
  const settle = (): void => {
    if (settled) return;
    settled = true;
    for (const { vars, hostVars, playbookVars } of [
      ...inventory.hosts.values(),
      ...[...inventory.groups.values()].map(asHost),
    ]) {
      for (const one of [vars, hostVars, playbookVars]) define(one);
    }
  };
  define(extra);
  return {
    evaluator,
    fixed,
    templates,
    runtime: new Set(),
    local: new Set(['item']),
    open: false,
    makesGroups: false,
    tasks: [],
    define,
    settle,
  };
}

function asHost({ vars, groupVars, playbookVars }: Group): Pick<Host, 'vars' | 'hostVars' | 'playbookVars'> {
  return { vars, hostVars: groupVars, playbookVars };
}
