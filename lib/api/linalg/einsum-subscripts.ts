import { formatShape, type Shape } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";

/** Subscripts resolved: a letter for every axis of every operand, and those of the result in order. */
export interface Subscripts {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
  /** The length of each letter's axis; 1 stretches. */
  readonly lengths: ReadonlyMap<string, number>;
}

/**
 * Reads `"ij,jk->ik"`. An ellipsis stands for axes that broadcast; without an arrow the result has the letters that appear once, in
 * alphabetical order, after the ellipsis.
 */
export function parseSubscripts(text: string, shapes: readonly Shape[]): Subscripts {
  const fail = (what: string): OptionError => new OptionError(`einsum: ${what}, got "${text}"`, { option: "subscripts", received: text });
  const [left, right, ...more] = text.replace(/\s/g, "").split("->");
  if (more.length > 0 || !/^(?:[A-Za-z,]|\.\.\.)*$/.test(left!) || (right !== undefined && !/^(?:[A-Za-z]|\.\.\.)*$/.test(right))) {
    throw fail('expected letters, commas, "..." and at most one "->"');
  }
  const terms = left!.split(",");
  if (terms.length !== shapes.length) throw fail(`expected subscripts for ${shapes.length} operands`);
  const inputs = terms.map((term, k) => lettersOf(term, shapes[k]!, fail));
  const hidden = inputs.reduce((most, letters) => Math.max(most, letters.filter(isHidden).length), 0);
  const ellipsis = Array.from({ length: hidden }, (_, i) => `.${hidden - i}`);
  const lengths = lengthsOf(inputs, shapes);
  return { inputs, output: right === undefined ? implied(inputs, ellipsis) : outputOf(right, ellipsis, lengths, fail), lengths };
}

const isHidden = (letter: string): boolean => letter.startsWith(".");

/** An axis behind an ellipsis is named by its place from the ellipsis' end. */
function lettersOf(term: string, shape: Shape, fail: (what: string) => OptionError): string[] {
  const [before, after, ...more] = term.split("...");
  if (more.length > 0) throw fail('expected "..." once in a term at most');
  const named = before!.length + (after?.length ?? 0);
  const hidden = shape.length - named;
  if (hidden < 0 || (after === undefined && hidden > 0)) throw fail(`expected ${shape.length} subscripts for shape ${formatShape(shape)}`);
  return [...before!, ...Array.from({ length: hidden }, (_, i) => `.${hidden - i}`), ...(after ?? "")];
}

function implied(inputs: readonly (readonly string[])[], ellipsis: readonly string[]): string[] {
  const all = inputs.flat().filter((letter) => !isHidden(letter));
  return [...ellipsis, ...[...new Set(all)].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort()];
}

function outputOf(
  right: string, ellipsis: readonly string[], lengths: ReadonlyMap<string, number>, fail: (what: string) => OptionError,
): string[] {
  const [before, after, ...more] = right.split("...");
  if (more.length > 0) throw fail('expected "..." once in the result at most');
  if (after === undefined && ellipsis.length > 0) throw fail('expected "..." in the result, as the operands have it');
  const output = [...before!, ...(after === undefined ? [] : ellipsis), ...(after ?? "")];
  const strange = output.find((letter, i) => !lengths.has(letter) || output.indexOf(letter) !== i);
  if (strange && lengths.has(strange)) throw fail(`expected each letter once in the result, "${strange}" is there twice`);
  if (strange) throw fail(`expected letters of the operands in the result, "${strange}" is none`);
  return output;
}

function lengthsOf(inputs: readonly (readonly string[])[], shapes: readonly Shape[]): Map<string, number> {
  const lengths = new Map<string, number>();
  inputs.forEach((letters, k) =>
    letters.forEach((letter, axis) => {
      const [known, own] = [lengths.get(letter), shapes[k]![axis]!];
      if (known === undefined || known === 1) lengths.set(letter, own);
      else if (own !== 1 && own !== known && !(Number.isNaN(own) && Number.isNaN(known))) {
        const name = isHidden(letter) ? 'an axis of "..."' : `"${letter}"`;
        throw new ShapeError(`einsum: expected one length for ${name}, got ${known} and ${own}`, { shapes });
      }
    }));
  return lengths;
}
