import {
  attribute,
  FLOAT,
  floatTensor,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  readFloat,
} from '../onnx/model';
import { pruneGraph } from '../onnx/prune';

/** The channel blocks of onnxruntime's blocked convolutions are 8 (AVX2) or 16 (AVX-512) wide. */
const BLOCK = 8;

/**
 * Writes each PReLU as `slope * x + (1 - slope) * max(x, 0)`, the products being depthwise 1x1 convolutions.
 *
 * Why: onnxruntime keeps activations in channel blocks from convolution to convolution (NCHWc), but has no PReLU
 * for that layout, so each PReLU costs two reorderings beside a slow broadcast. Convolution, ReLU and addition stay
 * in blocks. The value differs from PReLU's by float rounding only.
 */
export function splitPrelu(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  const added: OnnxTensor[] = [];
  const node = graph.node.flatMap((candidate) => {
    const slope = candidate.opType === 'PRelu' ? tensors.get(candidate.input[1] ?? '') : undefined;
    if (!slope || !isPerChannel(slope)) return [candidate];
    const parts = split(candidate, readFloat(slope));
    added.push(...parts.tensors);
    return parts.nodes;
  });
  return { ...model, graph: pruneGraph({ ...graph, node, initializer: [...graph.initializer, ...added] }) };
}

/** A slope for each channel, [C, 1, 1], with whole blocks of channels. */
function isPerChannel({ dims, dataType }: OnnxTensor): boolean {
  const [channels = 0, ...rest] = dims;
  return (
    dataType === FLOAT && channels % BLOCK === 0 && rest.length === 2 && rest.every((size) => size === 1)
  );
}

function split(prelu: OnnxNode, slopes: Float32Array): { nodes: OnnxNode[]; tensors: OnnxTensor[] } {
  const [input = ''] = prelu.input;
  const [output = ''] = prelu.output;
  const dims = [slopes.length, 1, 1, 1];
  const scale = (from: string, weight: string, to: string): OnnxNode => ({
    opType: 'Conv',
    name: to,
    input: [from, weight],
    output: [to],
    attribute: [attribute('group', slopes.length), attribute('kernel_shape', [1, 1])],
  });
  const plain = (opType: string, inputs: string[], to: string): OnnxNode => ({
    opType,
    name: to,
    input: inputs,
    output: [to],
    attribute: [],
  });
  return {
    nodes: [
      plain('Relu', [input], `${output}_positive`),
      scale(input, `${output}_slope`, `${output}_linear`),
      scale(`${output}_positive`, `${output}_rest`, `${output}_rise`),
      plain('Add', [`${output}_linear`, `${output}_rise`], output),
    ],
    tensors: [
      floatTensor(`${output}_slope`, dims, slopes),
      floatTensor(
        `${output}_rest`,
        dims,
        slopes.map((slope) => 1 - slope),
      ),
    ],
  };
}
