import type { PlanListing, PlayListing } from '../playbook/index.ts';
import { foldNames } from '../shared/fold-names.ts';
import { count, printableLine } from '../shared/text.ts';
import type { PlaybookOptions } from './options.ts';

/** What `--list-hosts`, `--list-tasks`, `--list-tags` and `--syntax-check` print instead of a run; undefined: run. */
export function listing(plan: PlanListing, given: PlaybookOptions): string | undefined {
  const { 'list-hosts': hosts, 'list-tasks': tasks, 'list-tags': tags, 'syntax-check': syntax } = given;
  if (!(hosts || tasks || tags || syntax)) return undefined;
  const lines = plan.plays.flatMap((play) => [
    `play ${play.id} (${printableLine(play.pattern)}): ${printableLine(play.name)}${suffix(play.tags)}`,
    ...(hosts ? hostLines(play) : []),
    ...(tasks ? taskLines(play) : []),
    ...(tags ? [`  tags: ${allTags(play).join(', ') || '(none)'}`] : []),
  ]);
  if (syntax && !(hosts || tasks || tags)) return `${count(plan.plays.length, 'play')}, no problem found\n`;
  return `${lines.join('\n')}\n`;
}

function hostLines({ hosts }: PlayListing): string[] {
  return [`  ${count(hosts.length, 'host')}${hosts.length > 0 ? `: ${foldNames(hosts)}` : ''}`];
}

function taskLines({ tasks }: PlayListing): string[] {
  return tasks.map(({ role, name, tags }) => `  ${printableLine(role ? `${role} : ${name}` : name)}${suffix(tags)}`);
}

function suffix(tags: readonly string[]): string {
  return tags.length > 0 ? `  [${tags.map(printableLine).join(', ')}]` : '';
}

function allTags(play: PlayListing): string[] {
  return [...new Set([...play.tags, ...play.tasks.flatMap(({ tags }) => tags)])].sort().map(printableLine);
}
