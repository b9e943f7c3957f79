import { type OnnxModel, type OnnxValueInfo, valueInfo } from '../onnx/model';
import { pruneGraph } from '../onnx/prune';
import { ConversionError } from './errors';
import {
  attributes,
  dataInputs,
  nodeOf,
  parseGraphModel,
  type TfGraphModel,
  type TfNode,
} from './graph-model';
import { OPERATORS } from './operators';
import { toPlain } from './ops/geometry';
import { BATCH, Scope, type Tensor } from './scope';
import { readWeights } from './weights';

/** ONNX operator set 13, first written by IR version 7. */
const OPSET = 13;
const IR_VERSION = 7;

/**
 * Converts a TensorFlow.js graph model to ONNX.
 *
 * The one input becomes `input`, NCHW with any batch size (the model's own is NHWC). Only what the wanted outputs
 * need is converted; they keep TensorFlow's shape and order.
 *
 * @param json    text of `model.json`
 * @param shards  the weight files, in the order of the weights manifest
 * @param outputs ONNX output name to TensorFlow node name
 * @throws ConversionError naming the operator or node that cannot be expressed
 */
export function convertGraphModel(
  json: string,
  shards: readonly Uint8Array[],
  outputs: Readonly<Record<string, string>>,
): OnnxModel {
  const model = parseGraphModel(json);
  const scope = new Scope(readWeights(model, shards));
  const wanted = Object.values(outputs).map(nodeOf);
  const input = emit(model, scope, wanted);
  const graphOutputs = Object.entries(outputs).map(([name, node]) => bindOutput(scope, name, nodeOf(node)));
  const graph = pruneGraph({
    name: 'graph',
    node: scope.nodes,
    initializer: scope.initializers,
    input: [input],
    output: graphOutputs,
  });
  return {
    irVersion: IR_VERSION,
    producerName: 'mien',
    graph,
    opsetImport: [{ domain: '', version: OPSET }],
  };
}

function emit(model: TfGraphModel, scope: Scope, wanted: readonly string[]): OnnxValueInfo {
  let input: OnnxValueInfo | undefined;
  for (const node of executionOrder(model, wanted)) {
    if (node.op === 'Placeholder') {
      if (input) throw new ConversionError('unsupported-form', `${node.name}: a second input`);
      input = bindInput(scope, node);
    } else if (!scope.constants.has(node.name)) {
      const operator = OPERATORS[node.op];
      if (!operator) throw new ConversionError('unknown-operator', `${node.name}: operator ${node.op}`);
      scope.tensors.set(node.name, operator(node, scope));
    }
  }
  if (!input) throw new ConversionError('malformed-model', 'the outputs depend on no input');
  return input;
}

/** The nodes that the wanted ones depend on, each after its inputs. */
function executionOrder(model: TfGraphModel, wanted: readonly string[]): TfNode[] {
  const byName = new Map(model.modelTopology.node.map((node) => [node.name, node]));
  const done = new Set<string>();
  const order: TfNode[] = [];
  const visit = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    const node = byName.get(name);
    if (!node) throw new ConversionError('missing-node', `no node ${name}`);
    for (const input of dataInputs(node)) visit(input);
    order.push(node);
  };
  for (const name of wanted) visit(name);
  return order;
}

function bindInput(scope: Scope, node: TfNode): OnnxValueInfo {
  const [, height, width, channels, ...more] = attributes.shape(node, 'shape') ?? [];
  if (height === undefined || width === undefined || channels === undefined || more.length > 0) {
    throw new ConversionError('unsupported-form', `${node.name}: the input must be an NHWC image`);
  }
  scope.tensors.set(node.name, { name: 'input', shape: [BATCH, height, width, channels] });
  return valueInfo('input', ['batch', channels, height, width]);
}

/** Gives an output its public name and TensorFlow's dimension order. */
function bindOutput(scope: Scope, name: string, node: string): OnnxValueInfo {
  const tensor: Tensor | undefined = scope.tensors.get(node);
  if (!tensor) throw new ConversionError('missing-node', `${node} is not an activation`);
  const plain = isPointwise(tensor)
    ? scope.add('Reshape', [tensor.name, scope.ints([0, ...tensor.shape.slice(1)])])
    : toPlain(scope, tensor);
  scope.nodes.push({ opType: 'Identity', name, input: [plain], output: [name], attribute: [] });
  return valueInfo(name, ['batch', ...tensor.shape.slice(1)]);
}

function isPointwise(tensor: Tensor): boolean {
  const [, height, width] = tensor.shape;
  return tensor.shape.length === 4 && (tensor.shape[3] === 1 || (height === 1 && width === 1));
}
