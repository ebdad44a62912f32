export { applyChange, failureOfChange, type Site, undoChanges } from './apply/index.ts';
export { diffText } from './diff.ts';
export { type Footprint, overlaps } from './footprint.ts';
export type { RunRequest, RunSummary } from './request.ts';
export { run } from './run.ts';
export { runStep, type Step } from './step.ts';
