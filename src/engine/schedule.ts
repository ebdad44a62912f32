import type { Outcome } from '../model/event.ts';
import type { PlanNode, Play } from '../model/plan.ts';
import { Batch, PlayRun, type Run } from './context.ts';
import { failureOf } from './failure.ts';
import type { Flow } from './flow.ts';
import { HostWalk } from './host.ts';
import { noteFailure } from './losses.ts';

/** Runs one play, batch after batch. Returns false when the run is to end: a batch was lost, or errors are fatal. */
export async function runPlay(run: Run, play: Play): Promise<boolean> {
  const view = { ...new Batch(new PlayRun(run, play, []), []).view, playHosts: [], playHostsAll: [], playBatch: [] };
  const named = play.hosts(view);
  const hosts = named.filter((host) => !run.gone.has(host));
  const playRun = new PlayRun(run, play, hosts);
  run.emit({ type: 'play-started', play: play.id, name: play.name, hosts, tasks: countTasks(play.nodes) });
  const batches = batchesOf(play, hosts);
  let goesOn = true;
  for (const [index, members] of batches.entries()) {
    const batch = new Batch(playRun, members);
    await Promise.all(members.map((host) => runHost(batch, host)));
    goesOn = batch.stopped === undefined && !run.draining && batch.failed.size < members.length;
    if (goesOn && !playRun.ended) continue;
    if (!goesOn) leaveRest(run, batches.slice(index + 1).flat(), batch);
    break;
  }
  run.emit({ type: 'play-finished', play: play.id });
  return goesOn;
}

/** Hosts of batches that never began: that they were not done must not go unsaid. */
function leaveRest(run: Run, hosts: readonly string[], batch: Batch): void {
  const interrupted = `it was not started: ${run.whyDraining}`;
  const cause = run.draining ? interrupted : (batch.stopped?.cause ?? 'the batch before it was lost');
  for (const host of hosts) {
    run.gone.add(host);
    run.emit({ type: 'host-left', host, outcome: 'cancelled', failure: { kind: 'cancelled', cause } });
  }
}

/** Sizes in turn, the last one for all that follow; a share is of all hosts of the play, at least one host, as in Ansible. */
function batchesOf(play: Play, hosts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let start = 0;
  for (let turn = 0; start < hosts.length; turn++) {
    const size = play.serial[Math.min(turn, play.serial.length - 1)];
    const wanted =
      size === undefined ? hosts.length : 'hosts' in size ? size.hosts : Math.floor(size.share * hosts.length);
    const count = wanted > 0 ? wanted : size !== undefined && 'share' in size ? 1 : hosts.length;
    batches.push(hosts.slice(start, start + count));
    start += count;
  }
  return batches;
}

/** One host through the play. Never throws: an exception is a bug on this host, and the others go on. */
async function runHost(batch: Batch, host: string): Promise<void> {
  let flow: Flow;
  try {
    flow = await new HostWalk(batch, host).run();
  } catch (error) {
    flow = { kind: 'failed', failure: failureOf(error), task: '', result: {} };
  }
  settle(batch, host, flow);
}

function settle(batch: Batch, host: string, flow: Flow): void {
  const { run } = batch.playRun;
  if (flow.kind !== 'next') {
    const outcome: Outcome = flow.kind === 'failed' ? 'failed' : flow.outcome;
    const failure = flow.failure;
    run.emit({ type: 'host-left', host, outcome, ...(failure ? { failure } : {}) });
    if (failure) noteFailure(batch, host, { failure, fatal: false });
  }
  batch.leave(host);
}

/** Tasks that are known before the play runs. */
function countTasks(nodes: readonly PlanNode[]): number {
  let count = 0;
  for (const node of nodes) {
    if (node.kind === 'block') count += countTasks([...node.body, ...node.rescue, ...node.always]);
    else if (node.kind !== 'flush') count++;
  }
  return count;
}
