import type { Failure } from '../model/event.ts';
import { TemplateSyntaxProblem } from '../model/template.ts';
import { KprepError } from '../shared/errors.ts';

/** Any thrown value as a failure: what we know under its kind, everything else as a bug of ours with its stack. */
export function failureOf(error: unknown): Failure {
  if (error instanceof KprepError) {
    const { kind, message, remedy, detail } = error;
    return {
      kind,
      cause: message,
      ...(remedy === undefined ? {} : { remedy }),
      ...(detail === undefined ? {} : { detail }),
    };
  }
  if (error instanceof TemplateSyntaxProblem) return { kind: 'template', cause: error.message };
  if (error instanceof Error) {
    return {
      kind: 'bug',
      cause: `${error.name}: ${error.message}`,
      remedy: 'this is a fault of kprep: please report it with the stack below',
      ...(error.stack === undefined ? {} : { stack: error.stack }),
    };
  }
  return { kind: 'bug', cause: `something was thrown that is no error: ${String(error)}` };
}
