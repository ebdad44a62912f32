export { EXIT, exitStatus, type Signal } from './exit-status.ts';
export { toJsonLine } from './jsonl.ts';
export { type LiveView, startLive } from './live.ts';
export { foldReport, type Report, reportOf } from './report.ts';
export { makeFactsReport } from './text/facts.ts';
export { makeStatusReport, makeTextReport, type TextOptions, type TextReport } from './text/index.ts';
export { makePingReport } from './text/ping.ts';
