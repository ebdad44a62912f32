import type { ConnectionTarget } from '../model/connection.ts';
import type { Evaluate, Plan } from '../model/plan.ts';
import type { Problem } from '../shared/problem.ts';
import { checkNames } from './check-names.ts';
import { type Compiler, makeCompiler } from './compiler.ts';
import { type Context, chainOf } from './context.ts';
import { listPlan, type PlanListing } from './listing.ts';
import type { CompiledPlay } from './play.ts';
import { compileFile } from './playbook.ts';
import type { CompileRequest } from './request.ts';
import { startAt } from './start-at.ts';
import { targetOf } from './target.ts';
import { compileTasks } from './tasks.ts';
import type { VarChain } from './vars/chain.ts';

export interface Compiled {
  /** Absent when anything is wrong. */
  readonly plan?: Plan;
  /** Everything that is wrong, warnings too, in the order in which it was met. */
  readonly problems: readonly Problem[];
  /** As far as the files could be read. */
  readonly summary: PlanListing;
}

/** Playbook files compiled into a plan. Nothing is dialled; every problem is collected. */
export async function compilePlaybooks(request: CompileRequest): Promise<Compiled> {
  const compiler = makeCompiler(request, compileTasks);
  const compiled: CompiledPlay[] = [];
  for (const file of request.playbooks) await compileFile(compiler, file, compiled);
  checkNames(compiler);
  const started = fromStart(compiler, request, compiled);
  const failed = compiler.problems.all.some(({ level }) => level === 'error');
  return {
    ...(failed ? {} : { plan: { plays: started.map(({ play }) => play), target: planTarget(compiler, compiled) } }),
    problems: compiler.problems.all,
    summary: listPlan(started, request.inventory),
  };
}

function fromStart(
  compiler: Compiler,
  request: CompileRequest,
  compiled: readonly CompiledPlay[],
): readonly CompiledPlay[] {
  if (request.startAt === undefined) return compiled;
  const plays = startAt(
    compiled.map(({ play }) => play),
    request.startAt,
  );
  if (!plays) {
    compiler.problems.error(`no task is named ${request.startAt} (--start-at-task)`, undefined);
    return compiled;
  }
  return plays.flatMap((play) => {
    const whole = compiled.find((one) => one.play.id === play.id);
    return whole ? [{ ...whole, play }] : [];
  });
}

/** The scope's task says where it stands; without one its play does. */
function planTarget(compiler: Compiler, plays: readonly CompiledPlay[]): Evaluate<ConnectionTarget> {
  const places = new WeakMap<Context, Place>();
  return targetOf(compiler, (scope) => {
    const ofTask = scope.task ? compiler.contexts.get(scope.task) : undefined;
    const context = ofTask ?? plays.find(({ play }) => play.id === scope.run.play?.id)?.context;
    if (!context) return NOWHERE;
    const known = places.get(context) ?? { keywords: context.keywords, chain: chainOf(context) };
    places.set(context, known);
    return known;
  });
}

interface Place {
  readonly keywords: Context['keywords'];
  readonly chain: VarChain;
}

const NOWHERE: Place = { keywords: new Map(), chain: { blocks: [], params: [], dir: '.' } };
