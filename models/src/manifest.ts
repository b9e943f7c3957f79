import { z } from 'zod';
import { calibrationSchema } from './manifest/calibration';
import { detectionDecoderSchema } from './manifest/detection';
import { livenessSettingsSchema } from './manifest/liveness';
import { upperFaceSchema } from './manifest/upper-face';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal');
const fileName = z.string().regex(/^[\w.-]+$/, 'expected a file name beside the manifest');

/** Where a model came from: a pinned npm package, or any other place in words. */
const sourceSchema = z.object({
  package: z.string().min(1),
  version: z.string().min(1),
  /** Files inside the package that the model was made from, with their hashes. */
  files: z.array(z.object({ path: z.string().min(1), sha256 })).min(1),
});

const inputSizeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fixed'), width: z.int().positive(), height: z.int().positive() }),
  /** Any size whose sides are multiples of `multipleOf`. */
  z.object({ kind: z.literal('dynamic'), multipleOf: z.int().positive() }),
]);

/** What a network wants to be fed: pixel value v (0..255) goes in as (v - mean) / std, channel by channel. */
const inputSchema = z
  .object({
    name: z.string().min(1),
    layout: z.enum(['NCHW', 'NHWC']),
    size: inputSizeSchema,
    colour: z.enum(['RGB', 'BGR', 'GRAY']),
    mean: z.array(z.number()),
    std: z.array(z.number().positive()),
    /** False for a network that takes one picture a run. */
    batch: z.boolean(),
  })
  .refine(
    (input) => [input.mean, input.std].every((list) => list.length === (input.colour === 'GRAY' ? 1 : 3)),
    'mean and std need one number a channel, in the order of `colour`',
  );

const outputSchema = z.object({ name: z.string().min(1), meaning: z.string().min(1) });

const common = {
  /** Names model and revision; it travels with what the model makes, and two versions are never compared. */
  version: z.string().min(1),
  file: fileName,
  sha256: sha256,
  source: sourceSchema,
  licence: z.string().min(1),
  input: inputSchema,
};

const detectionSchema = z.object({
  task: z.literal('detection'),
  ...common,
  decoder: detectionDecoderSchema,
});

const meshSchema = z.object({
  task: z.literal('mesh'),
  ...common,
  outputs: z.object({ mesh: outputSchema, presence: outputSchema }),
  mesh: z.object({
    points: z.int().positive(),
    /** Side of the level square crop over the side of the face box. */
    cropScale: z.number().positive(),
  }),
});

const irisSchema = z.object({
  task: z.literal('iris'),
  ...common,
  outputs: z.object({ points: outputSchema }),
  iris: z.object({
    /** Side of the square crop over the width of the eye. */
    cropScale: z.number().positive(),
    /** The eye that is mirrored on the way in and back on the way out. */
    mirroredEye: z.enum(['picture-left', 'picture-right']),
    /** Index of the iris centre among the points. */
    centreIndex: z.int().nonnegative(),
  }),
});

const embeddingSchema = z.object({
  task: z.literal('embedding'),
  ...common,
  outputs: z.object({ embedding: outputSchema }),
  embedding: z.object({
    size: z.int().positive(),
    /** Five-point template that the face is aligned to. */
    template: z.enum(['arcface-112']),
    /** Whether the vectors of the face and of its mirror image are averaged. */
    flipAverage: z.boolean(),
    calibration: calibrationSchema,
    upperFace: upperFaceSchema.optional(),
  }),
});

const genderAgeSchema = z.object({
  task: z.literal('gender-age'),
  ...common,
  outputs: z.object({
    gender: outputSchema,
    age: outputSchema,
    /** What the network sees in the face before it judges, averaged over the picture. */
    descriptor: outputSchema.optional(),
  }),
  genderAge: z.object({
    /** Side of the square crop over the longer side of the face box. */
    cropScale: z.number().positive(),
    /** What a high gender output means. */
    highGender: z.enum(['male', 'female']),
    /** Probability of the high gender = logistic(slope x logit(output) + offset). */
    genderCalibration: z.object({ slope: z.number().positive(), offset: z.number() }),
    /** Age in years of the first bin; each further bin is a year more. */
    firstAge: z.number().nonnegative(),
  }),
});

const expressionSchema = z.object({
  task: z.literal('expression'),
  ...common,
  outputs: z.object({ scores: outputSchema }),
  expression: z.object({
    cropScale: z.number().positive(),
    labels: z.array(z.enum(['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'])).min(2),
    /** Whether the scores still need a softmax. */
    softmax: z.boolean(),
  }),
});

const livenessSchema = z.object({
  task: z.literal('liveness'),
  ...common,
  outputs: z.object({ scores: outputSchema }),
  liveness: livenessSettingsSchema,
});

const modelSchema = z.discriminatedUnion('task', [
  detectionSchema,
  meshSchema,
  irisSchema,
  embeddingSchema,
  genderAgeSchema,
  expressionSchema,
  livenessSchema,
]);

/** A pack of models: the file that `MIEN_MODEL_PACK` names. */
export const packManifestSchema = z
  .object({
    manifestVersion: z.literal(1),
    name: z.string().min(1),
    version: z.string().min(1),
    /** Another manifest, relative to this one, that gives the models of the tasks that this one leaves out. */
    extends: z.string().min(1).optional(),
    models: z.array(modelSchema).min(1),
  })
  .refine(
    (pack) => new Set(pack.models.map((model) => model.task)).size === pack.models.length,
    'a pack has one model a task',
  );

export type PackManifest = z.infer<typeof packManifestSchema>;
/** One model of a pack; its `task` tells which further fields it has. */
export type ModelEntry = PackManifest['models'][number];
export type ModelTask = ModelEntry['task'];
export type ModelInput = ModelEntry['input'];
/** The entry of one task, for example `ModelOf<'embedding'>`. */
export type ModelOf<T extends ModelTask> = Extract<ModelEntry, { task: T }>;
