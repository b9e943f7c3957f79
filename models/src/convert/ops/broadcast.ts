import type { Scope, Tensor } from '../scope';
import { transpose } from '../transpose';
import type { Constant } from '../weights';

/** Writes a constant so that it broadcasts against an activation, which for rank 4 lies as NCHW. */
export function broadcastConstant(scope: Scope, against: Tensor, constant: Constant): string {
  if (constant.values.length === 1) return scope.floats([], constant.values);
  if (against.shape.length !== 4) return scope.floats(constant.shape, constant.values);
  const nhwc = [...Array<number>(4 - constant.shape.length).fill(1), ...constant.shape];
  const nchw = [0, 3, 1, 2].map((axis) => nhwc[axis] ?? 1);
  const [batch, ...rest] = nchw;
  return scope.floats(batch === 1 ? rest : nchw, transpose(constant.values, nhwc, [0, 3, 1, 2]));
}
