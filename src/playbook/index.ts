export { compileAdHoc } from './adhoc.ts';
export { compilePlaybooks } from './compile.ts';
export { parseKv } from './kv.ts';
export type { PlanListing, PlayListing } from './listing.ts';
export type { CompileRequest } from './request.ts';
export { makeTemplateEngine } from './template/index.ts';
