export { inventory } from './files.js';
export { cut, down, find, fleets, inHub, mend, ssh, sshArgv, up } from './fleet.js';
export { relay } from './relay.js';
export { run } from './run.js';
