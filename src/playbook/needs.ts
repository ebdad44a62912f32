import { TemplateSyntaxProblem } from '../model/template.ts';
import { TemplateText, type Value } from '../model/value.ts';
import type { Compiler } from './compiler.ts';
import type { Names, Uses } from './names.ts';
import { MAGIC_NAMES } from './vars/magic.ts';

/** What a task's templates reach, through the variables that they use. */
export interface Reach {
  /** Names that a `register`, a `set_fact` or facts may give; undefined: not known. */
  readonly needs: ReadonlySet<string> | undefined;
  /** It looks at what became of other hosts. */
  readonly otherHosts: boolean;
}

/** Magic variables that depend on how other hosts fare. */
const OF_OTHERS = new Set(['hostvars', 'ansible_play_hosts', 'ansible_play_batch', 'play_hosts']);
/** Through which any variable can be reached by a computed name. */
const ANYTHING = new Set(['vars', 'hostvars', 'environment']);

/** Worked out when it is first asked for, because only then all names of the run are known. */
export function needsOf(compiler: Compiler, uses: Uses): () => Reach {
  let reach: Reach | undefined;
  return () => {
    reach ??= follow(compiler.names, uses);
    return reach;
  };
}

function follow(names: Names, uses: Uses): Reach {
  names.settle();
  const templates: Used[] = uses.map(({ template }) => template);
  const reached = new Set<string>();
  for (let template = templates.pop(); template; template = templates.pop()) {
    if (template.impure) reached.add(UNKNOWN);
    for (const name of template.names) {
      if (reached.has(name)) continue;
      reached.add(name);
      templates.push(...(names.templates.get(name) ?? []).flatMap((value) => templatesIn(names, value)));
    }
  }
  const all = [...reached];
  const known = !all.some((name) => name === UNKNOWN || ANYTHING.has(name));
  return {
    needs: known ? new Set(all.filter((name) => mayComeInTheRun(names, name))) : undefined,
    otherHosts: all.some((name) => OF_OTHERS.has(name)),
  };
}

/** Stands for names that nobody can tell. */
const UNKNOWN = '*';

interface Used {
  readonly names: ReadonlySet<string>;
  readonly impure: boolean;
}

function mayComeInTheRun(names: Names, name: string): boolean {
  if (names.runtime.has(name)) return true;
  if (MAGIC_NAMES.has(name) || names.local.has(name)) return false;
  return !names.fixed.has(name) || names.open || names.makesGroups;
}

function templatesIn(names: Names, value: Value): Used[] {
  if (value instanceof TemplateText) return [compiled(names, value)];
  if (value === null || typeof value !== 'object') return [];
  const items: readonly Value[] = Array.isArray(value) ? value : Object.values(value as object);
  return items.flatMap((item) => templatesIn(names, item));
}

/** A variable whose template is wrong is a problem where it stands, or a failure when it is used. */
function compiled(names: Names, text: TemplateText): Used {
  try {
    return names.evaluator.template(text);
  } catch (error) {
    if (error instanceof TemplateSyntaxProblem) return { names: new Set(), impure: true };
    throw error;
  }
}
