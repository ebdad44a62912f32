export { type Applied, applyChange, failureOfChange, type Site, type Undone, undoChanges } from './apply/index.ts';
export { diffText } from './diff.ts';
export { type Footprint, overlaps } from './footprint.ts';
export type { Clock, RunRequest, RunSummary } from './request.ts';
export { run } from './run.ts';
export { runStep, type Step, type StepEnd } from './step.ts';
