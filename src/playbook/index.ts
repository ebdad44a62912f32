export { type AdHocRequest, compileAdHoc } from './adhoc.ts';
export { type Compiled, compilePlaybooks } from './compile.ts';
export { makePlaybookFiles, type PlaybookFiles } from './files.ts';
export { KEYWORDS } from './keywords.ts';
export { type KeyValues, parseKv } from './kv.ts';
export type { PlanListing, PlayListing, TaskListing } from './listing.ts';
export type { CompileRequest, CompileSettings, RunOptions, VarsPrompt, VaultPassword } from './request.ts';
export { makeTemplateEngine } from './template/index.ts';
