import { expectTypeOf, test } from "vitest";
import * as nd from "ndloom";

const f64 = nd.ones([4, 6]);
const i32 = nd.zeros([4, 6], { dtype: "int32" });
const c64 = nd.zeros(3, { dtype: "complex64" });

test("creation knows dtype and number of axes", () => {
  expectTypeOf(f64).toEqualTypeOf<nd.ChunkedArray<"float64", [number, number]>>();
  expectTypeOf(nd.ones(10, { dtype: "int8" })).toEqualTypeOf<nd.ChunkedArray<"int8", [number]>>();
  expectTypeOf(nd.ones([])).toEqualTypeOf<nd.ChunkedArray<"float64", []>>();
  expectTypeOf(nd.arange(10).dtype).toEqualTypeOf<"int64">();
  expectTypeOf(nd.arange(0, 1, 0.5).dtype).toEqualTypeOf<"float64">();
  expectTypeOf(nd.arange(10, { dtype: "float32" }).dtype).toEqualTypeOf<"float32">();
  expectTypeOf(nd.onesLike(i32)).toEqualTypeOf<nd.ChunkedArray<"int32", [number, number]>>();
  // @ts-expect-error unknown dtype
  nd.ones(10, { dtype: "float99" });
});

test("element-wise operations promote", () => {
  expectTypeOf(nd.sqrt(i32)).toEqualTypeOf<nd.ChunkedArray<"float64", [number, number]>>();
  expectTypeOf(nd.sqrt(nd.ones(2, { dtype: "int8" })).dtype).toEqualTypeOf<"float16">();
  expectTypeOf(f64.add(i32).dtype).toEqualTypeOf<"float64">();
  expectTypeOf(i32.add(nd.ones(6, { dtype: "int8" }))).toEqualTypeOf<nd.ChunkedArray<"int32", [number, number]>>();
  expectTypeOf(i32.div(2).dtype).toEqualTypeOf<"float64">();
  expectTypeOf(i32.add(2n).dtype).toEqualTypeOf<"int32">();
  expectTypeOf(f64.mul(2).dtype).toEqualTypeOf<"float64">();
  expectTypeOf(f64.gt(0).dtype).toEqualTypeOf<"bool">();
  expectTypeOf(c64.abs().dtype).toEqualTypeOf<"float32">();
  expectTypeOf(c64.real.dtype).toEqualTypeOf<"float32">();
});

test("reductions know what they leave", () => {
  expectTypeOf(f64.sum()).toEqualTypeOf<nd.ChunkedArray<"float64", []>>();
  expectTypeOf(i32.sum({ axis: 0 })).toEqualTypeOf<nd.ChunkedArray<"int64", [number]>>();
  expectTypeOf(i32.mean({ axis: 0, keepdims: true })).toEqualTypeOf<nd.ChunkedArray<"float64", [number, number]>>();
  expectTypeOf(i32.sum({ dtype: "float32" })).toEqualTypeOf<nd.ChunkedArray<"float32", []>>();
  expectTypeOf(f64.argmax({ axis: 1 })).toEqualTypeOf<nd.ChunkedArray<"int64", [number]>>();
  expectTypeOf(nd.any(f64)).toEqualTypeOf<nd.ChunkedArray<"bool", []>>();
  // @ts-expect-error an axis is a number
  f64.mean({ axis: "rows" });
});

test("computing gives arrays, or bare elements without axes", () => {
  expectTypeOf(f64.compute()).resolves.toEqualTypeOf<nd.NDArray<"float64", [number, number]>>();
  expectTypeOf(f64.sum().compute()).resolves.toEqualTypeOf<number>();
  expectTypeOf(i32.sum().compute()).resolves.toEqualTypeOf<bigint>();
  expectTypeOf(nd.all(f64).compute()).resolves.toEqualTypeOf<boolean>();
  expectTypeOf(c64.sum().compute()).resolves.toEqualTypeOf<nd.Complex>();
  expectTypeOf(nd.compute([f64, i32.sum()])).resolves.toEqualTypeOf<[nd.NDArray<"float64", [number, number]>, bigint]>();
  // @ts-expect-error bad unit
  f64.compute({ memoryLimit: "1 gigs" });
});
