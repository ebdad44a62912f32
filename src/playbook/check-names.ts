import { nearName } from '../shared/problem.ts';
import type { Compiler } from './compiler.ts';
import type { Names, Use } from './names.ts';
import { MAGIC_NAMES } from './vars/magic.ts';

/** Names that modules and the engine bind for single evaluations. */
const BOUND = new Set([
  ...['ansible_managed', 'template_host', 'template_path', 'template_fullpath', 'template_uid', 'template_run_date'],
  ...[
    'template_destpath',
    'true',
    'false',
    'none',
    'True',
    'False',
    'None',
    'loop',
    'self',
    'caller',
    'varargs',
    'kwargs',
  ],
]);
/** Names of facts, connection variables and injected results. */
const KNOWN = /^(ansible_\w+|packages|services|getent_\w+|facter_\w+|ohai_\w+|_.*)$/;

/**
 * Names that no inventory, play, role, task, register, set_fact, fact or extra variable could define. A problem where
 * the task runs in any case; a warning where a condition or a rescue may foresee it. Nothing is said where variables come
 * from places that are only known in the run, or where any template anywhere asks whether the name is defined.
 */
export function checkNames(compiler: Compiler): void {
  const { names } = compiler;
  if (names.open || names.makesGroups) return;
  names.settle();
  const asked = askedFor(names);
  for (const { uses, guarded } of names.tasks) {
    for (const use of uses) if (!isConditional(use.text)) checkUse(compiler, use, { asked, guarded });
  }
}

function checkUse(
  compiler: Compiler,
  use: Use,
  { asked, guarded }: { readonly asked: ReadonlySet<string>; readonly guarded: boolean },
): void {
  const { names, problems } = compiler;
  for (const name of use.template.names) {
    if (isDefined(names, name) || asked.has(name)) continue;
    const near = nearName(name, [...names.fixed, ...names.runtime]);
    const say = guarded ? problems.warning : problems.error;
    say(`the variable ${name} is not defined anywhere`, use.at, near ? `did you mean ${near}?` : undefined);
  }
}

function isDefined(names: Names, name: string): boolean {
  if (names.fixed.has(name) || names.runtime.has(name) || names.local.has(name)) return true;
  return MAGIC_NAMES.has(name) || BOUND.has(name) || KNOWN.test(name);
}

/** Names for whose absence some template of the run provides: `x is defined`, `x | default(…)`, `x is undefined`. */
function askedFor(names: Names): ReadonlySet<string> {
  const asked = new Set<string>();
  const texts = new Set<string>();
  for (const { uses } of names.tasks) for (const { text } of uses) texts.add(text);
  for (const values of names.templates.values()) for (const value of values) collect(value, texts);
  for (const text of texts) {
    if (!/default|defined|\bd\(|mandatory|\bin\s+(vars|hostvars)|\bvars\[|lookup|query|\bq\(|ternary/.test(text))
      continue;
    for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) asked.add(name);
  }
  return asked;
}

function collect(value: unknown, texts: Set<string>): void {
  if (value === null || typeof value !== 'object') return;
  if ('text' in value && typeof value.text === 'string') texts.add(value.text);
  else for (const item of Object.values(value)) collect(item, texts);
}

/** Part of it may never be evaluated. */
function isConditional(text: Use['text']): boolean {
  return /\b(if|or|and|else|for)\b/.test(text);
}
