import { convertGraphModel } from '../convert/convert';
import type { ModelTask } from '../manifest';
import { decodeModel, encodeModel } from '../onnx/model';
import { cutGraph } from '../surgery/cut';
import { freeBatch, freeImageSize } from '../surgery/free-batch';
import { padChannels } from '../surgery/pad-channels';
import { splitPrelu } from '../surgery/split-prelu';

/** Makes a model's file from the source files, in the order of the manifest. Same input, same bytes. */
export type Recipe = (files: readonly Uint8Array[]) => Uint8Array;

/** A TensorFlow.js graph model: its JSON first, then its weight shards. */
function fromGraphModel(outputs: Readonly<Record<string, string>>): Recipe {
  return ([json, ...shards]) =>
    encodeModel(
      splitPrelu(convertGraphModel(Buffer.from(json ?? new Uint8Array()).toString('utf8'), shards, outputs)),
    );
}

/** An ONNX network exported for one picture. */
const batched: Recipe = ([file]) =>
  encodeModel(splitPrelu(padChannels(freeBatch(decodeModel(file ?? new Uint8Array())))));

/**
 * UltraFace as shipped decodes its boxes against the anchors of 320x240. It is cut before that (`462` is the
 * concatenation of the four levels' box outputs), so that it takes pictures of any size; anchors are the caller's.
 */
const ultraFace: Recipe = ([file]) => {
  const cut = cutGraph(decodeModel(file ?? new Uint8Array()), {
    scores: { value: 'scores', dims: ['batch', 'anchors', 2] },
    boxes: { value: '462', dims: ['batch', 'anchors', 4] },
  });
  return encodeModel(freeImageSize(freeBatch(cut)));
};

/** How each model of the default pack is made. */
export const RECIPES: Readonly<Record<ModelTask, Recipe>> = {
  detection: ultraFace,
  mesh: fromGraphModel({ mesh: 'Identity_2', presence: 'Identity_1' }),
  iris: fromGraphModel({ points: 'Identity' }),
  embedding: batched,
  'gender-age': fromGraphModel({
    gender: 'gender_pred/Sigmoid',
    age: 'age_pred/Softmax',
    descriptor: 'global_pooling/Mean',
  }),
  expression: batched,
  liveness: batched,
};
