export { withChanges } from './changes.ts';
export type { InventoryFormat } from './format.ts';
export { type InventoryIo, nodeIo } from './io.ts';
export { type InventoryRequest, type Loaded, loadInventory } from './load.ts';
export { matchHosts } from './pattern.ts';
export { type Expansion, expandNames } from './ranges.ts';
