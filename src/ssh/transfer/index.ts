export { type GetOptions, type GetRequest, getTree } from './get-tree.ts';
export type { Kept } from './local-tree.ts';
export { isDirectoryName } from './member.ts';
export { type PutOptions, type PutRequest, type PutResult, putTree } from './put-tree.ts';
export { readSources, type SourceEntry, type SourceOptions, type Sources } from './sources.ts';
