import type { Frame } from '../runtime/frame.ts';
import type { Py } from '../runtime/values.ts';
import type { Statement, Target } from '../syntax/ast.ts';

/** A compiled statement: puts out values. */
export type Run = (frame: Frame, out: Py[]) => void;
export type CompileBody = (statements: readonly Statement[]) => Run;
export type Assign = (frame: Frame, target: Target, value: Py) => void;
