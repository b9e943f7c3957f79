import {
  int64Tensor,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
  readInt64,
} from '../onnx/model';

/**
 * Lets a network that was exported for one picture run on any number of them: the first dimension of its inputs and
 * outputs becomes symbolic, and reshapes that spell out a batch of 1 keep the batch that comes in (0 in ONNX).
 */
export function freeBatch(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const shapes = new Set(
    graph.node.flatMap((node) => (node.opType === 'Reshape' ? [node.input[1] ?? ''] : [])),
  );
  return {
    ...model,
    graph: {
      ...graph,
      node: graph.node.map((node) => (isShapeNode(node, shapes) ? freeConstantNode(node) : node)),
      initializer: graph.initializer.map((tensor) =>
        shapes.has(tensor.name ?? '') ? freeShape(tensor) : tensor,
      ),
      input: graph.input.map(freeFirstDimension),
      output: graph.output.map(freeFirstDimension),
    },
  };
}

function isShapeNode(node: OnnxNode, shapes: ReadonlySet<string>): boolean {
  return node.opType === 'Constant' && shapes.has(node.output[0] ?? '');
}

function freeConstantNode(node: OnnxNode): OnnxNode {
  const attribute = node.attribute.map((a) => (a.t ? { ...a, t: freeShape(a.t) } : a));
  return { ...node, attribute };
}

function freeShape(tensor: OnnxTensor): OnnxTensor {
  const [first, ...rest] = readInt64(tensor);
  return first === 1 ? int64Tensor(tensor.name ?? '', [0, ...rest]) : tensor;
}

function freeFirstDimension(value: OnnxValueInfo): OnnxValueInfo {
  const { elemType, shape } = value.type.tensorType;
  const dim = [{ dimParam: 'batch' }, ...shape.dim.slice(1)];
  return { ...value, type: { tensorType: { elemType, shape: { dim } } } };
}

/** Lets an all-convolutional network run on pictures of any size. */
export function freeImageSize(model: OnnxModel): OnnxModel {
  const input = model.graph.input.map((value) => {
    const { elemType, shape } = value.type.tensorType;
    const dim = [...shape.dim.slice(0, 2), { dimParam: 'height' }, { dimParam: 'width' }];
    return { ...value, type: { tensorType: { elemType, shape: { dim } } } };
  });
  return { ...model, graph: { ...model.graph, input } };
}
