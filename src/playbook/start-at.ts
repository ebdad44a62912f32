import type { PlanNode, Play } from '../model/plan.ts';

/**
 * The plays from the first task on whose name is `name` (or fits it as a glob). Plays before it are left out, fact
 * gathering of its own play stays. Undefined when no task fits.
 */
export function startAt(plays: readonly Play[], name: string): readonly Play[] | undefined {
  const fits = matcher(name);
  for (const [index, play] of plays.entries()) {
    const [facts, rest] =
      play.nodes[0]?.kind === 'task' && play.nodes[0].name === 'Gathering Facts'
        ? [play.nodes.slice(0, 1), play.nodes.slice(1)]
        : [[], play.nodes];
    const left = from(rest, fits);
    if (left) return [{ ...play, nodes: [...facts, ...left] }, ...plays.slice(index + 1)];
  }
  return undefined;
}

type Fits = (node: PlanNode) => boolean;

function matcher(name: string): Fits {
  const pattern = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
  return (node) => {
    if (node.kind === 'flush' || node.kind === 'block') return false;
    const full = node.role === undefined ? node.name : `${node.role} : ${node.name}`;
    return node.name === name || full === name || pattern.test(node.name) || pattern.test(full);
  };
}

/** Nodes from the first that fits; a block that holds it keeps its rescue and always. */
function from(nodes: readonly PlanNode[], fits: Fits): readonly PlanNode[] | undefined {
  for (const [index, node] of nodes.entries()) {
    const rest = nodes.slice(index + 1);
    if (fits(node)) return [node, ...rest];
    const body = node.kind === 'block' ? from(node.body, fits) : undefined;
    if (node.kind === 'block' && body) return [{ ...node, body }, ...rest];
  }
  return undefined;
}
