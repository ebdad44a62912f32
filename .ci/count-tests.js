import { existsSync, readFileSync } from 'node:fs';

// count-tests.js FILE STATUS: prints "passed failed" from Jest's JSON. A skipped test failed; so did a run without a result or a test.
const [file, status] = process.argv.slice(2);
const none = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};
const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : none;
const skipped = found.numPendingTests + found.numTodoTests;
if (skipped > 0) process.stderr.write(`${skipped} tests were skipped: that is a failure\n`);
const told = found.numFailedTests + found.numRuntimeErrorTestSuites + skipped;
const untold = told === 0 && (status !== '0' || found.numPassedTests === 0) ? 1 : 0;
process.stdout.write(`${found.numPassedTests} ${told + untold}\n`);
