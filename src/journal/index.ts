export { type Journal, openJournal } from './journal.ts';
export { makeRunId } from './prune.ts';
