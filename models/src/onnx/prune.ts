import type { OnnxGraph } from './model';

/** Drops every node and initializer that no output depends on. Nodes must be in topological order. */
export function pruneGraph(graph: OnnxGraph): OnnxGraph {
  const needed = new Set(graph.output.map((output) => output.name));
  const node = [...graph.node]
    .reverse()
    .filter((candidate) => {
      if (!candidate.output.some((name) => needed.has(name))) return false;
      for (const name of candidate.input) needed.add(name);
      return true;
    })
    .reverse();
  return {
    ...graph,
    node,
    initializer: graph.initializer.filter((tensor) => needed.has(tensor.name ?? '')),
    input: graph.input.filter((input) => needed.has(input.name)),
  };
}
