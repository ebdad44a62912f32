import type { ItemFinished, Result, TaskRef } from '../../model/event.ts';
import { foldNames } from '../../shared/fold-names.ts';
import { printable, printableLine } from '../../shared/text.ts';
import { isBad } from '../report.ts';
import { type Entry, type Group, groupsOf, type Layout, renderAdHoc, type Shown } from './ad-hoc.ts';
import type { Style } from './style.ts';

/** The results of one task on the hosts that are shown together. */
export interface TaskBlock {
  readonly task: TaskRef;
  readonly results: ReadonlyMap<string, Result>;
  readonly items: ReadonlyMap<string, readonly ItemFinished[]>;
  /** The task was shown before, for other hosts. */
  readonly again: boolean;
}

export interface BlockOptions {
  readonly style: Style;
  readonly verbosity: number;
  /** Output of the command is what was asked for (`kprep exec`): no task header. */
  readonly adHoc: boolean;
  readonly check: boolean;
  readonly layout: Layout;
  /** All hosts of the play, in the order in which they stand in it. */
  readonly order: readonly string[];
}

/** Hosts with the same outcome and the same body stand under one header. Lines without newlines; empty: nothing to show. */
export function renderTaskBlock(block: TaskBlock, options: BlockOptions): string[] {
  const visible = entriesOf(block, options).filter((entry) => options.verbosity > 0 || entry.shown !== 'skipped');
  if (visible.length === 0) return [];
  if (options.adHoc) return renderAdHoc(visible, options);
  const title = options.style.title(header(block));
  return [title, ...groupsOf(visible).flatMap((group) => renderGroup(group, options))];
}

function entriesOf(block: TaskBlock, options: BlockOptions): Entry[] {
  return [...block.results].map(([host, result]) => ({
    host,
    shown: shownOutcome(result),
    state: stateOf(result),
    body: bodyOf(result, block.items.get(host) ?? [], options),
  }));
}

/** `failed, status 3`; empty for what went well. */
function stateOf(result: Result): string {
  const shown = shownOutcome(result);
  if (shown === 'ok' || shown === 'changed') return '';
  return result.rc !== undefined && result.rc !== 0 && !result.censored ? `${shown}, status ${result.rc}` : shown;
}

function shownOutcome(result: Result): Shown {
  if (result.rescued) return 'rescued';
  return result.ignored ? 'ignored' : result.outcome;
}

function header({ task, again }: TaskBlock): string {
  const role = task.role ? `${task.role} : ` : '';
  return `${task.handler ? 'HANDLER' : 'TASK'} ${printableLine(role + task.name)}${again ? ' (more hosts)' : ''}`;
}

function renderGroup([first, ...others]: Group, { style }: BlockOptions): string[] {
  const hosts = namesOf([first, ...others].map(({ host }) => host));
  const word = style.outcome(first.shown, first.shown.padEnd(11));
  return [`  ${word} ${hosts}`, ...first.body.map((line) => `      ${line}`)];
}

/** `node[01-20,25] (21)`; one host without a count. */
export function namesOf(hosts: readonly string[]): string {
  const folded = printableLine(foldNames(hosts));
  return hosts.length > 1 ? `${folded} (${hosts.length})` : folded;
}

/** Lists are joined, never spread into a call: a host may print more lines than a call takes arguments. */
function bodyOf(result: Result, items: readonly ItemFinished[], options: BlockOptions): string[] {
  if (result.censored) return ['(not shown: no_log)'];
  const { style, verbosity, adHoc, check, layout } = options;
  const bad = isBad(result.outcome);
  const wantsCause = (bad || result.outcome === 'pending') && !(adHoc && isToldByOutput(result));
  const wantsChanges = (check || verbosity > 0) && items.length === 0;
  const wantsOutput = (adHoc || verbosity > 0 || (bad && items.length === 0)) && layout !== 'status';
  return [
    wantsCause ? causeOf(result, style) : [],
    items.flatMap((item) => itemLines(item, options)),
    result.warnings.map((warning) => `warning: ${printableLine(warning)}`),
    wantsChanges ? result.changes.map((change) => `- ${printableLine(change)}`) : [],
    result.show === undefined ? [] : linesOf(showText(result.show)),
    diffLines(result, style),
    wantsOutput ? outputOf(result, style) : [],
  ].flat();
}

/** Header and output of a command say all that its cause says. */
function isToldByOutput({ failure, rc, stderr }: Result): boolean {
  if (failure?.kind !== 'task' || rc === undefined) return false;
  return failure.cause.startsWith(`the command ended with status ${rc}`) || stderr?.includes(failure.cause) === true;
}

function causeOf(result: Result, style: Style): string[] {
  const cause = result.failure?.cause ?? result.message ?? '';
  const lines = linesOf(cause);
  if (result.failure?.remedy) lines.push(`→ ${printableLine(result.failure.remedy)}`);
  if (result.failure?.stack) lines.push(...linesOf(result.failure.stack).map((line) => style.faint(line)));
  return lines;
}

/** Items that went well are counted by the task's own line; the others are named. */
function itemLines({ item, result }: ItemFinished, options: BlockOptions): string[] {
  const { style, verbosity } = options;
  const hasDiff = result.diffs.length > 0;
  const hasShow = result.show !== undefined;
  const changesShown = options.check && result.changes.length > 0;
  if (!isBad(result.outcome) && !hasDiff && !hasShow && !changesShown && verbosity === 0) return [];
  const name = result.censored ? '(not shown: no_log)' : printableLine(showText(item));
  const body = bodyOf(result, [], options);
  return [`${style.outcome(shownOutcome(result), result.outcome)} (item=${name})`, ...body.map((line) => `  ${line}`)];
}

function diffLines(result: Result, style: Style): string[] {
  return result.diffs.flatMap((diff) => [
    style.title(printableLine(diff.header)),
    ...diff.lines.map((line) => {
      const text = printable(line);
      if (text.startsWith('+')) return style.added(text);
      return text.startsWith('-') ? style.removed(text) : text;
    }),
  ]);
}

function outputOf({ stdout = '', stderr = '' }: Result, style: Style): string[] {
  const marked = linesOf(stderr).map((line) => `${style.faint('stderr:')} ${line}`);
  return linesOf(stdout).concat(marked);
}

function linesOf(text: string): string[] {
  const lines = printable(text).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A value as `debug` shows it: text as it is, the rest as JSON. */
function showText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}
