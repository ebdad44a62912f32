/** Kept equal to package.json by a test, so that `--version` reads no file. */
export const VERSION = '0.1.0';
