// Wrong use fails where it stands: the class, the code, and a message that says what was expected and what came.
import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";

const a = nd.ones([4, 6], { chunks: [2, 4] });
const v = nd.arange(10, { chunks: 4 });
const unknown = v.get(v.gt(3));

type Call = () => unknown;
const CASES: readonly [string, Call, string][] = [
  ["an index beyond the axis", () => a.get(4), "IndexError [ERR_INDEX]: get: index 4 is out of bounds for axis 0 with 4 elements (shape (4, 6)); use -4 to 3."],
  ["too many indices", () => a.get(0, 0, 0), "IndexError [ERR_INDEX]: get: 3 indices are too many for a 2-d array (shape (4, 6))."],
  ["a fraction as index", () => a.get(1.5), "IndexError [ERR_INDEX]: get: expected a whole number as index, got 1.5."],
  ["text that is no slice", () => a.get("x"), 'IndexError [ERR_INDEX]: get: expected an index, got "x"; write slices as "start:stop:step" and the rest of the axes as "...".'],
  ["two ellipses", () => a.get("...", "..."), 'IndexError [ERR_INDEX]: get: expected "..." once at most, got it 2 times.'],
  ["a mask of another length", () => a.get([true, false]), "IndexError [ERR_INDEX]: get: expected a mask of 4 elements for axis 0 (shape (4, 6)), got 2."],
  ["lists on two axes", () => a.get([0], [1]), "UnsupportedError [ERR_UNSUPPORTED]: get: lists on 2 axes at once are not supported; use vindex for pairs of positions, or get one axis after the other for all combinations."],
  ["an index on an unknown axis", () => unknown.get(0), "ChunkError [ERR_CHUNK_UNKNOWN]: get: axis 0 cannot be indexed while its length is unknown (shape (nan,)); compute it first, with computeChunkSizes()."],
  ["a float array as index", () => a.get(nd.ones(2)), "IndexError [ERR_INDEX]: get: expected an array of integers or bool as index, got one of float64."],
  ["vindex with a mask", () => a.vindex([true, false, true, false], 0), "IndexError [ERR_INDEX]: vindex: expected integers, lists of integers and slices, got a mask; use get."],
  ["vindex with slices only", () => a.vindex("1:", ":"), "IndexError [ERR_INDEX]: vindex: expected a list on at least one axis, got slices only; use get."],
  ["vindex with lists that do not broadcast", () => a.vindex([0, 1], [0, 1, 2]), "IndexError [ERR_INDEX]: vindex: expected lists that broadcast, got shapes (2) and (3)."],
  ["a block that is not there", () => a.blockAt(2), "IndexError [ERR_INDEX]: blockAt: index 2 is out of bounds for axis 0 with 2 elements (shape (2, 2)); use -2 to 1."],
  ["a value that does not fit its index", () => a.with([0, "1:4"], [1, 2]), "ShapeError [ERR_BROADCAST]: with: value of shape (2,) does not broadcast to the indexed shape (3,)."],
  ["NaN into integers", () => v.with(0, NaN), "DTypeError [ERR_CAST]: with: expected a value that int64 can hold, got NaN."],
  ["a new axis in with", () => v.with(null, 1), "IndexError [ERR_INDEX]: with: expected integers, slices, lists and masks, got null."],
  ["a shape of another size", () => a.reshape([5, 5]), "ShapeError [ERR_RESHAPE]: reshape: shape (4, 6) of 24 elements does not become (5, 5)."],
  ["two open lengths", () => a.reshape([-1, -1]), "ShapeError [ERR_RESHAPE]: reshape: expected at most one length of -1, got (-1, -1)."],
  ["a length that does not divide", () => a.reshape([7, -1]), "ShapeError [ERR_RESHAPE]: reshape: shape (4, 6) of 24 elements does not become (7, -1)."],
  ["a reshape of unknown lengths", () => unknown.reshape([2, 3]), "ShapeError [ERR_RESHAPE]: reshape: shape (nan,) has an unknown length; compute it first, with computeChunkSizes()."],
  ["axes that are no order", () => a.transpose([0, 0]), "AxisError [ERR_AXIS]: transpose: axis 0 is named twice in [0,0]."],
  ["an order of other length", () => a.transpose([0]), "ShapeError [ERR_SHAPE]: transpose: expected 2 axes for shape (4, 6), got [0]."],
  ["squeezing a long axis", () => a.squeeze({ axis: 0 }), "ShapeError [ERR_SHAPE]: squeeze: expected axes of length 1, got axis 0 of shape (4, 6)."],
  ["expanding at one place twice", () => nd.expandDims(a, [0, 0]), "AxisError [ERR_AXIS]: expandDims: axis 0 is named twice in [0, 0]."],
  ["broadcasting to a shape that does not fit", () => nd.broadcastTo(a, [4, 7]), "ShapeError [ERR_BROADCAST]: broadcastTo: shape (4, 6) does not broadcast to (4, 7); only axes of length 1 and new leading axes can be repeated."],
  ["joining nothing", () => nd.concatenate([]), "ShapeError [ERR_SHAPE]: concatenate: expected at least one array, got none."],
  ["joining shapes that differ", () => nd.concatenate([a, a.T]), "ShapeError [ERR_SHAPE]: concatenate: expected equal lengths off axis 0, got (4, 6) and (6, 4)."],
  ["joining on a missing axis", () => nd.concatenate([a, a], { axis: 2 }), "AxisError [ERR_AXIS]: concatenate: axis 2 does not exist on a 2-d array (shape (4, 6)); use -2 to 1."],
  ["joining arrays of different rank", () => nd.concatenate([a, v]), "ShapeError [ERR_SHAPE]: concatenate: expected arrays with the same number of axes, got 2 at index 0 and 1 at index 1; use stack to join along a new axis."],
  ["joining 0-d arrays", () => nd.concatenate([1, 2]), "ShapeError [ERR_SHAPE]: concatenate: expected arrays with at least one axis, got a 0-d array; use stack to join along a new axis."],
  ["stacking shapes that differ", () => nd.stack([a, v]), "ShapeError [ERR_SHAPE]: stack: expected arrays of one shape, got (4, 6) and (10,)."],
  ["joining unknown lengths", () => nd.stack([unknown, unknown]), "ShapeError [ERR_SHAPE]: stack: expected arrays of one shape, got (nan,) and (nan,); compute the lengths first, or pass { allowUnknownChunksizes: true }."],
  ["blocks at two depths", () => nd.block([[a], a] as never), "ShapeError [ERR_SHAPE]: block: expected lists of one depth, got 2 at arrays[0] and 1 at arrays[1]."],
  ["an empty list of blocks", () => nd.block([]), "ShapeError [ERR_SHAPE]: block: expected arrays, got an empty list at arrays."],
  ["a negative repeat", () => nd.repeat(v, -1), "OptionError [ERR_OPTION]: repeat: expected a whole number of repeats ≥ 0, got -1."],
  ["negative tiles", () => nd.tile(v, [-1]), "OptionError [ERR_OPTION]: tile: expected whole numbers ≥ 0 as reps, got -1."],
  ["an unknown pad mode", () => nd.pad(v, 1, { mode: "bogus" as never }), 'OptionError [ERR_OPTION]: pad: expected a mode, got "bogus"; use one of constant, edge, linear_ramp, maximum, mean, minimum, reflect, symmetric, wrap, empty.'],
  ["an option of another pad mode", () => nd.pad(v, 1, { mode: "edge", constantValues: 2 }), 'OptionError [ERR_OPTION]: pad: mode "edge" has no option constantValues.'],
  ["a negative pad width", () => nd.pad(v, -1), "OptionError [ERR_OPTION]: pad: expected whole numbers ≥ 0 as padWidth, got -1."],
  ["reflecting nothing", () => nd.pad(nd.ones(0), 1, { mode: "reflect" }), 'ShapeError [ERR_SHAPE]: pad: mode "reflect" needs elements, got none on axis 0; use "constant" or "empty".'],
  ["deleting beyond the axis", () => nd.delete(v, 10), "IndexError [ERR_INDEX]: delete: position 10 is out of bounds for axis 0 with 10 elements; use -10 to 9."],
  ["two shifts for one axis", () => nd.roll(a, [1, 2], { axis: 0 }), "OptionError [ERR_OPTION]: roll: expected as many shifts as axes, got 2 shifts and 1 axes."],
  ["turning in no plane", () => nd.rot90(a, { axes: [1, 1] }), "AxisError [ERR_AXIS]: rot90: expected two different axes, got [1, 1]."],
  ["choices by floats", () => nd.choose(nd.ones(3), [1, 2]), "DTypeError [ERR_DTYPE]: choose: expected integers that name choices, got float64; cast with astype."],
  ["conditions and choices that do not pair", () => nd.select([a.gt(1)], [a, a]), "OptionError [ERR_OPTION]: select: expected as many choices as conditions and at least one, got 1 conditions and 2 choices."],
  ["a product of inner lengths that differ", () => a.matmul(a), "ShapeError [ERR_SHAPE]: matmul: expected equal inner lengths, got 6 and 4 (shapes (4, 6) and (4, 6))."],
  ["a product with a scalar", () => a.matmul(3), "ShapeError [ERR_SHAPE]: matmul: expected operands with at least one axis, got a 0-d operand; use multiply."],
  ["a contraction of lengths that differ", () => nd.tensordot(a, a, { axes: 1 }), "ShapeError [ERR_SHAPE]: tensordot: expected equal lengths, got 6 on axis 1 of (4, 6) and 4 on axis 0 of (4, 6)."],
  ["too many axes to contract", () => nd.tensordot(a, v, { axes: 2 }), "OptionError [ERR_OPTION]: tensordot: expected from 0 to 1 axes for shapes (4, 6) and (10,), got 2."],
  ["subscripts of another rank", () => nd.einsum("i", a), 'OptionError [ERR_OPTION]: einsum: expected 2 subscripts for shape (4, 6), got "i".'],
  ["a letter with two lengths", () => nd.einsum("ij,jk", a, a), 'ShapeError [ERR_SHAPE]: einsum: expected one length for "j", got 6 and 4.'],
  ["a letter of no operand", () => nd.einsum("ij->k", a), 'OptionError [ERR_OPTION]: einsum: expected letters of the operands in the result, "k" is none, got "ij->k".'],
  ["a cast that the rule forbids", () => a.astype("int32", { casting: "safe" }), 'DTypeError [ERR_CAST]: astype: a cast from float64 to int32 is not "safe"; allow it with { casting: "unsafe" }.'],
  ["chunks that do not add up", () => a.rechunk([[3, 3], 6]), "ChunkError [ERR_CHUNK_SUM]"],
  ["chunks for a missing axis", () => a.rechunk({ 2: 1 }), "AxisError [ERR_AXIS]: rechunk: axis 2 does not exist on a 2-d array (shape (4, 6)); use -2 to 1."],
  ["rechunking an unknown axis", () => unknown.rechunk(2), "ChunkError [ERR_CHUNK_UNKNOWN]: rechunk: axis 0 has unknown chunk lengths (shape (nan,)) and can only keep them; compute them first, with computeChunkSizes()."],
  ["another rechunk method", () => a.rechunk(2, { method: "p2p" as never }), 'OptionError [ERR_OPTION]: rechunk: expected method "tasks", got p2p.'],
];

describe("wrong use is refused where it stands", () => {
  test.each(CASES)("%s", (_, call, message) => {
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(String(thrown).slice(0, message.startsWith("ChunkError [ERR_CHUNK_SUM]") ? message.length : undefined)).toBe(message);
  });
});
