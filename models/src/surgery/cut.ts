import { type OnnxGraph, type OnnxModel, valueInfo } from '../onnx/model';
import { pruneGraph } from '../onnx/prune';

/** An output of a cut graph: the inner value that becomes it, and its shape (text for a free dimension). */
export interface CutPoint {
  value: string;
  dims: readonly (number | string)[];
}

/**
 * Ends a graph earlier: the outputs become the given inner values under new names, and what only the old outputs
 * needed is dropped.
 */
export function cutGraph(model: OnnxModel, outputs: Readonly<Record<string, CutPoint>>): OnnxModel {
  const renamed = Object.entries(outputs).reduce(
    (graph, [name, { value }]) => renameValue(graph, value, name),
    model.graph,
  );
  const output = Object.entries(outputs).map(([name, { dims }]) => valueInfo(name, dims));
  return { ...model, graph: pruneGraph({ ...renamed, output }) };
}

function renameValue(graph: OnnxGraph, from: string, to: string): OnnxGraph {
  if (from === to) return graph;
  const clear = swapName(graph, to, `${to}_inner`);
  return swapName(clear, from, to);
}

function swapName(graph: OnnxGraph, from: string, to: string): OnnxGraph {
  const swap = (name: string): string => (name === from ? to : name);
  const node = graph.node.map((n) => ({ ...n, input: n.input.map(swap), output: n.output.map(swap) }));
  return { ...graph, node };
}
