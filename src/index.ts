/** kprep as a library: inventories, connections, runs and their events. */
export {
  applyChange,
  diffText,
  overlaps,
  type RunRequest,
  type RunSummary,
  run,
  runStep,
  undoChanges,
} from './engine/index.ts';
export { loadInventory, matchHosts } from './inventory/index.ts';
export type * from './model/connection.ts';
export type * from './model/event.ts';
export type * from './model/inventory.ts';
export type * from './model/module.ts';
export type * from './model/plan.ts';
export { registry } from './modules/index.ts';
export { compileAdHoc, compilePlaybooks } from './playbook/index.ts';
export { EXIT, exitStatus, foldReport, makeTextReport, type Report, reportOf } from './report/index.ts';
export { makeSecrets } from './shared/secrets.ts';
export { collectSpooled, connectLocal, listSpooled, makeConnect } from './ssh/index.ts';
