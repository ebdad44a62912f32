import type { Lookup } from '../../model/template.ts';
import { KprepError } from '../../shared/errors.ts';
import { nearName, type Position } from '../../shared/problem.ts';
import { joined } from './compile/output.ts';
import type { Run } from './compile/run.ts';
import { place } from './place.ts';
import { copied, exportValue } from './runtime/export.ts';
import { Frame } from './runtime/frame.ts';
import type { Runtime, Services } from './runtime/runtime.ts';
import { str } from './runtime/text.ts';
import { Fault, type Py, Undefined, UndefinedFault } from './runtime/values.ts';
import type { Facts } from './syntax/facts.ts';

/** A template that names something undefined. A variable that is made of such a template is itself undefined. */
export class UndefinedProblem extends KprepError {}

/** A compiled text, whatever file it came from. */
export interface CompiledUnit extends Facts {
  readonly source: string;
  /** Lines of a `#jinja2:` header before the source. */
  readonly headerLines?: number;
  readonly run: Run;
  /** Line ends at the end of the text, which text that comes out has too (Ansible's Templar). */
  readonly endNewlines: number;
  readonly newline: string;
}

export interface EvaluateContext {
  readonly services: Services;
  readonly at: Position | undefined;
}

interface Evaluation extends EvaluateContext {
  readonly lookup: Lookup;
  readonly mode: 'native' | 'text';
}

/**
 * Runs a template.
 * @throws KprepError `template`, UndefinedProblem where a name is the cause; both with the position in front.
 */
export function evaluateUnit(unit: CompiledUnit, evaluation: Evaluation): Py {
  const runtime = makeRuntime(unit, evaluation);
  try {
    const out: Py[] = [];
    unit.run(new Frame(runtime), out);
    const value = joined(runtime, out);
    return withLineEnds(evaluation.mode === 'text' ? value : exportValue(value), unit);
  } catch (error) {
    throw explained(error, runtime, evaluation.lookup);
  }
}

function makeRuntime(unit: CompiledUnit, { lookup, services, mode, at }: Evaluation): Runtime {
  const resolved = new Map<string, Py>();
  return {
    services,
    mode,
    unit: { source: unit.source, headerLines: unit.headerLines ?? 0, ...(at ? { at } : {}) },
    offset: 0,
    depth: 0,
    blocks: new Map(),
    names: () => lookup.names(),
    resolve(name) {
      if (resolved.has(name)) return resolved.get(name);
      const value = lookedUp(lookup, name);
      const own = unit.mutates ? copied(value) : value;
      resolved.set(name, own);
      return own;
    },
  };
}

function lookedUp(lookup: Lookup, name: string): Py {
  try {
    return lookup.get(name);
  } catch (error) {
    if (!(error instanceof UndefinedProblem)) throw error;
    return new Undefined(`'${name}' is undefined, because it is made of what is undefined: ${error.message}`, name);
  }
}

/** The text of a unit in a frame of another evaluation. */
export function renderIn(unit: CompiledUnit, frame: Frame): string {
  const out: Py[] = [];
  unit.run(frame, out);
  return str(withLineEnds(joined(frame.runtime, out), unit));
}

/** Jinja drops the last line end of a text; what was there is put back. */
function withLineEnds(value: Py, unit: CompiledUnit): Py {
  if (typeof value !== 'string') return value;
  const have = /\n*$/.exec(value)?.[0].length ?? 0;
  return have < unit.endNewlines ? value + unit.newline.repeat(unit.endNewlines - have) : value;
}

function explained(error: unknown, runtime: Runtime, lookup: Lookup): unknown {
  if (error instanceof KprepError) return error;
  const at = place(runtime.unit, runtime.offset);
  const where = at ? `${at.file}:${at.line}:${at.column}: ` : '';
  if (error instanceof UndefinedFault) {
    return new UndefinedProblem('template', `${where}${error.message}${nearHint(error, lookup)}`);
  }
  if (error instanceof Fault) return new KprepError('template', `${where}${error.message}`);
  if (error instanceof RangeError)
    return new KprepError('template', `${where}the template goes too deep or too far: ${error.message}`);
  return error;
}

function nearHint(error: UndefinedFault, lookup: Lookup): string {
  if (error.missing === undefined || error.message !== `'${error.missing}' is undefined`) return '';
  const near = nearName(error.missing, lookup.names());
  return near ? ` (did you mean ${near}?)` : '';
}
