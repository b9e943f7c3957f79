import { z } from 'zod';
import { ConversionError } from './errors';

/** TensorFlow.js writes 64-bit integers as text. */
const int = z.union([z.string(), z.number()]).transform(Number);

const attributeSchema = z.object({
  s: z.string().optional(),
  i: int.optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  type: z.string().optional(),
  shape: z.object({ dim: z.array(z.object({ size: int })).default([]) }).optional(),
  list: z.object({ s: z.array(z.string()).optional(), i: z.array(int).optional() }).optional(),
});

const nodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});

const weightSchema = z.object({
  name: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  dtype: z.enum(['float32', 'int32', 'bool', 'uint8']),
  quantization: z
    .object({
      dtype: z.enum(['uint8', 'uint16', 'float16']),
      scale: z.number().optional(),
      min: z.number().optional(),
    })
    .optional(),
});

const modelSchema = z.object({
  modelTopology: z.object({ node: z.array(nodeSchema) }),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weightSchema) })),
});

export type TfNode = z.infer<typeof nodeSchema>;
export type TfWeight = z.infer<typeof weightSchema>;
export type TfGraphModel = z.infer<typeof modelSchema>;

/** Parses the `model.json` of a TensorFlow.js graph model. */
export function parseGraphModel(json: string): TfGraphModel {
  const parsed = modelSchema.safeParse(JSON.parse(json));
  if (!parsed.success) throw new ConversionError('malformed-model', z.prettifyError(parsed.error));
  return parsed.data;
}

/** The node that an input refers to: without its output number and control mark. */
export function nodeOf(input: string): string {
  const colon = input.lastIndexOf(':');
  const name = colon >= 0 && /^\d+$/.test(input.slice(colon + 1)) ? input.slice(0, colon) : input;
  return name.startsWith('^') ? name.slice(1) : name;
}

/** Inputs that carry data: control inputs (`^name`) only order execution. */
export function dataInputs(node: TfNode): string[] {
  return node.input.filter((name) => !name.startsWith('^')).map(nodeOf);
}

/** Reads the attributes of a node, with the defaults of TensorFlow's operator definitions. */
export const attributes = {
  text: (node: TfNode, name: string): string | undefined => decode(node.attr[name]?.s),
  texts: (node: TfNode, name: string): string[] =>
    (node.attr[name]?.list?.s ?? []).map((s) => decode(s) ?? ''),
  ints: (node: TfNode, name: string): number[] => node.attr[name]?.list?.i ?? [],
  flag: (node: TfNode, name: string): boolean => node.attr[name]?.b ?? false,
  float: (node: TfNode, name: string, otherwise: number): number => node.attr[name]?.f ?? otherwise,
  shape: (node: TfNode, name: string): number[] | undefined => node.attr[name]?.shape?.dim.map((d) => d.size),
};

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}
