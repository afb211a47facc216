import { type AnyArray, ChunkedArray } from "./chunked-array.js";

/** Makes functions of an array its methods. Topic files of lib/api call this beside the declaration of the methods' types. */
export function installMethods(methods: Readonly<Record<string, (x: AnyArray, ...rest: never[]) => unknown>>): void {
  for (const [name, method] of Object.entries(methods)) {
    const value = { [name](this: AnyArray, ...rest: never[]): unknown {
      return method(this, ...rest);
    } }[name];
    Object.defineProperty(ChunkedArray.prototype, name, { value, writable: true, configurable: true });
  }
}

/** The same for properties. */
export function installGetters(getters: Readonly<Record<string, (x: AnyArray) => unknown>>): void {
  for (const [name, getter] of Object.entries(getters)) {
    Object.defineProperty(ChunkedArray.prototype, name, {
      get(this: AnyArray) {
        return getter(this);
      },
      configurable: true,
    });
  }
}
