import type { Position } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import type { Compiler } from './compiler.ts';

/** The root of a YAML file; its problems are noted. Undefined where it is empty or cannot be read. */
export function readList(compiler: Compiler, path: string, at: Position | undefined): YamlNode | undefined {
  const { root, problems } = compiler.loader.read(path, at);
  for (const problem of problems) compiler.problems.add(problem);
  return root;
}
