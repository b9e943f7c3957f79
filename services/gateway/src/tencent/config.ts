import { z } from 'zod';
import { MODEL_NAMES } from './face-model-names';

const port = z.coerce.number().int().min(0).max(65_535);

/** The settings of this endpoint, among the gateway's. */
export const tencentSettings = {
  /** Where it answers: with the rest of HTTP, on a port of its own, or not at all. */
  MIEN_TENCENT_PORT: z.union([z.enum(['same', 'off']), port]).default('same'),
  /** Our model versions by the names that groups of them have here, such as 2.0=old-model,3.0=new-model. */
  MIEN_TENCENT_FACE_MODELS: z.string().default('').transform(faceModelsIn),
  /** Keys that requests are signed with; without it nobody is asked for a signature. */
  MIEN_TENCENT_KEYS_FILE: z.string().min(1).optional(),
  /** For so long the same signed request is taken again, for clients without trace ids. */
  MIEN_TENCENT_REPEAT_SECONDS: z.coerce.number().int().min(0).max(60).default(0),
  /** An estimate above which a duplicate check is refused: five hours in Tencent's cloud. */
  MIEN_TENCENT_LONGEST_CHECK_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .default(5 * 3_600),
};

type Settings = z.output<z.ZodObject<typeof tencentSettings>>;

export function tencentConfig(env: Settings) {
  return {
    port: env.MIEN_TENCENT_PORT,
    faceModels: env.MIEN_TENCENT_FACE_MODELS,
    keysFile: env.MIEN_TENCENT_KEYS_FILE,
    repeatSeconds: env.MIEN_TENCENT_REPEAT_SECONDS,
    longestCheckSeconds: env.MIEN_TENCENT_LONGEST_CHECK_SECONDS,
  };
}

const NAMES: readonly string[] = MODEL_NAMES;

function faceModelsIn(text: string, context: z.RefinementCtx): ReadonlyMap<string, string> {
  const models = new Map<string, string>();
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [name = '', version = ''] = part.split('=').map((piece) => piece.trim());
    if (!NAMES.includes(name) || version === '' || models.has(name)) {
      context.addIssue({ code: 'custom', message: `${part} is not 2.0=VERSION or 3.0=VERSION` });
    }
    models.set(name, version);
  }
  return models;
}
