/** kprep as a library: inventories, connections, runs and their events. */
export { type RunRequest, type RunSummary, run } from './engine/index.ts';
export { loadInventory, matchHosts } from './inventory/index.ts';
export type * from './model/connection.ts';
export type * from './model/event.ts';
export type * from './model/inventory.ts';
export type * from './model/module.ts';
export type * from './model/plan.ts';
export { registry } from './modules/index.ts';
export { compileAdHoc, compilePlaybooks } from './playbook/index.ts';
export { exitStatus, foldReport, makeTextReport, reportOf } from './report/index.ts';
export { makeSecrets } from './shared/secrets.ts';
export { makeConnect } from './ssh/index.ts';
