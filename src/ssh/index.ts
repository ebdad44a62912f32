export { collectSpooled, listSpooled, type SpooledStep } from './frames/spool.ts';
export { connectLocal, type LocalOptions } from './local.ts';
