import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';

/**
 * A shape whose values all are of the type that the client package generates from Qdrant's published OpenAPI document:
 * a shape that asks for something else does not compile. Shapes are strict, so that a field which is not part of them
 * fails the request.
 */
function published<Type>() {
  return <Shape extends z.ZodType<Type>>(shape: Shape): Shape => shape;
}

const pointId = published<Schemas['ExtendedPointId']>()(z.uuid().lowercase());
const numbers = z.array(z.number()).min(1);

export const createCollection = published<Schemas['CreateCollection']>()(
  z.strictObject({
    vectors: z.strictObject({
      size: z.int().min(1).max(65_536),
      distance: z.literal('Cosine'),
      on_disk: z.boolean().exactOptional(),
    }),
    quantization_config: z.strictObject({
      scalar: z.strictObject({
        type: z.literal('int8'),
        quantile: z.number().min(0.5).max(1).exactOptional(),
        always_ram: z.boolean().exactOptional(),
      }),
    }),
  }),
);

export const createFieldIndex = published<Schemas['CreateFieldIndex']>()(
  z.strictObject({
    field_name: z.string().min(1),
    field_schema: z.strictObject({ type: z.literal('keyword') }),
  }),
);

const point = published<Schemas['PointStruct']>()(
  z.strictObject({
    id: pointId,
    vector: numbers,
    payload: z.strictObject({ personId: z.string(), groupIds: z.array(z.string()) }),
  }),
);
export type StoredPoint = z.infer<typeof point>;

export const upsertPoints = published<Schemas['PointInsertOperations']>()(
  z.strictObject({ points: z.array(point).min(1) }),
);

export const deletePoints = published<Schemas['PointsSelector']>()(
  z.strictObject({ points: z.array(pointId) }),
);

const filter = published<Schemas['Filter']>()(
  z.strictObject({
    must: z.array(
      z.strictObject({ key: z.string(), match: z.strictObject({ any: z.array(z.string()).min(1) }) }),
    ),
  }),
);

const query = published<Schemas['QueryRequest']>()(
  z.strictObject({
    query: numbers,
    limit: z.int().min(1),
    params: z.strictObject({
      hnsw_ef: z.int().min(1).exactOptional(),
      quantization: z.strictObject({
        rescore: z.boolean().exactOptional(),
        oversampling: z.number().min(1).exactOptional(),
      }),
    }),
    with_payload: z.array(z.string()),
    with_vector: z.boolean(),
    filter: filter.exactOptional(),
  }),
);
export type Query = z.infer<typeof query>;

export const queryBatch = published<Schemas['QueryRequestBatch']>()(
  z.strictObject({ searches: z.array(query).min(1) }),
);

export const countPoints = published<Schemas['CountRequest']>()(z.strictObject({ exact: z.boolean() }));

export const scrollPoints = published<Schemas['ScrollRequest']>()(
  z.strictObject({
    limit: z.int().min(1),
    offset: pointId.exactOptional(),
    with_payload: z.boolean(),
    with_vector: z.boolean(),
  }),
);
