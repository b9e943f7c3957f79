import {
  attribute,
  floatTensor,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  readFloat,
} from '../onnx/model';
import { pruneGraph } from '../onnx/prune';

/** The widest channel block of onnxruntime's blocked convolutions (AVX-512; 8 with AVX2). */
const BLOCK = 16;

/**
 * Widens inner channels to whole blocks, the added channels being zero throughout.
 *
 * Why: onnxruntime runs a convolution in its blocked layout (NCHWc) only when its channels fill whole blocks; pruned
 * networks have channels such as 103. A widened run starts at a convolution, goes through operators that treat each
 * channel by itself, and ends in convolutions that give the added channels no weight: the result is the same.
 */
export function padChannels(model: OnnxModel): OnnxModel {
  const graph = model.graph.node.reduce(
    (current, node) => widenFrom(current, node.output[0] ?? ''),
    model.graph,
  );
  return { ...model, graph: pruneGraph(graph) };
}

interface Run {
  /** The convolution that makes the channels, and the nodes that treat each channel by itself. */
  inside: OnnxNode[];
  /** The convolutions that take the channels together. */
  ends: OnnxNode[];
}

function widenFrom(graph: OnnxGraph, output: string): OnnxGraph {
  const start = graph.node.find((node) => node.output[0] === output);
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  const channels = start && isDense(start) ? (tensors.get(start.input[1] ?? '')?.dims[0] ?? 0) : 0;
  if (!start || channels % BLOCK === 0) return graph;
  const run = followRun(graph, start, channels);
  if (!run) return graph;
  const widen = new Widening(tensors, channels, Math.ceil(channels / BLOCK) * BLOCK);
  const node = graph.node.map((candidate) => {
    if (run.inside.includes(candidate)) return widen.inside(candidate);
    return run.ends.includes(candidate) ? widen.end(candidate) : candidate;
  });
  return { ...graph, node, initializer: [...graph.initializer, ...widen.added] };
}

/** The run that starts at a convolution, or undefined when something else sees its channels. */
function followRun(graph: OnnxGraph, start: OnnxNode, channels: number): Run | undefined {
  const run: Run = { inside: [start], ends: [] };
  const outputs = new Set(graph.output.map(({ name }) => name));
  for (const member of run.inside) {
    const [value = ''] = member.output;
    const consumers = graph.node.filter((node) => node.input.includes(value));
    if (outputs.has(value) || !consumers.every((node) => node.input[0] === value)) return undefined;
    for (const consumer of consumers) {
      if (isDense(consumer)) run.ends.push(consumer);
      else if (isChannelwise(consumer, channels)) run.inside.push(consumer);
      else return undefined;
    }
  }
  return run;
}

function group(node: OnnxNode): number {
  return node.attribute.find(({ name }) => name === 'group')?.i ?? 1;
}

function isDense(node: OnnxNode): boolean {
  return node.opType === 'Conv' && group(node) === 1;
}

function isChannelwise(node: OnnxNode, channels: number): boolean {
  if (node.opType === 'Conv') return group(node) === channels;
  return node.opType === 'PRelu' || node.opType === 'Relu';
}

/** Widens the tensors of a run's nodes from some channels to more. */
class Widening {
  readonly added: OnnxTensor[] = [];

  constructor(
    private readonly tensors: ReadonlyMap<string, OnnxTensor>,
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** Every tensor of a node inside the run counts channels along its first dimension. */
  inside(node: OnnxNode): OnnxNode {
    const [data = '', ...weights] = node.input;
    const attributes = node.attribute.map((a) =>
      a.name === 'group' && a.i === this.from ? attribute('group', this.to) : a,
    );
    return { ...node, input: [data, ...weights.map((name) => this.pad(name, 0))], attribute: attributes };
  }

  /** A convolution at the end takes the channels along its weights' second dimension. */
  end(node: OnnxNode): OnnxNode {
    const [data = '', weight = '', ...bias] = node.input;
    return { ...node, input: [data, this.pad(weight, 1), ...bias] };
  }

  private pad(name: string, axis: 0 | 1): string {
    const tensor = this.tensors.get(name);
    if (!tensor || tensor.dims[axis] !== this.from) return name;
    const dims = tensor.dims.map((size, index) => (index === axis ? this.to : size));
    const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
    const outer = dims.slice(0, axis).reduce((product, size) => product * size, 1);
    const values = readFloat(tensor);
    const padded = new Float32Array(outer * this.to * inner);
    for (let block = 0; block < outer; block++) {
      const row = values.subarray(block * this.from * inner, (block + 1) * this.from * inner);
      padded.set(row, block * this.to * inner);
    }
    const widened = `${name}_wide${axis}`;
    this.added.push(floatTensor(widened, dims, padded));
    return widened;
  }
}
