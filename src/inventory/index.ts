export { withChanges } from './changes.ts';
export { loadInventory } from './load.ts';
export { matchHosts } from './pattern.ts';
