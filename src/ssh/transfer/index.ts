export { getTree } from './get-tree.ts';
export { isDirectoryName } from './member.ts';
export { type PutOptions, type PutResult, putTree } from './put-tree.ts';
export { readSources, type Sources } from './sources.ts';
