export { openJournal } from './journal.ts';
export { makeRunId } from './prune.ts';
