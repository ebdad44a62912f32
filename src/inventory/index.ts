export { withChanges } from './changes.ts';
export type { InventoryFormat } from './format.ts';
export { loadInventory } from './load.ts';
export { matchHosts } from './pattern.ts';
