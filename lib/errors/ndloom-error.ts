/** What every error of the library may carry beside its message. */
export interface ErrorDetails {
  /** Stable identifier such as `ERR_AXIS`; each class has a default. */
  code?: string;
  /** A way out. It becomes the end of the message: `…; use 0 or -1.` or, when it starts a sentence, `…. Did you mean 3?` */
  hint?: string;
  /** The error underneath. */
  cause?: unknown;
}

/**
 * The base of every error that the library throws or rejects with.
 *
 * Messages read `operation: what was expected, what came; a way out`.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * try {
 *   nd.ones([10]).sum({ axis: 3 });
 * } catch (error) {
 *   if (error instanceof nd.NdloomError) console.log(error.code, error.hint);
 * }
 * ```
 */
export class NdloomError extends Error {
  /** Stable identifier, e.g. `ERR_BROADCAST`. Codes do not change between versions; messages may. */
  readonly code: string;
  /** A way out, when there is one. */
  readonly hint?: string;

  constructor(message: string, details: ErrorDetails = {}) {
    super(withHint(message, details.hint), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code ?? "ERR_NDLOOM";
    if (details.hint !== undefined) this.hint = details.hint;
    // On the instance and hidden, as Error's own fields are: String(error) then starts "AxisError [ERR_AXIS]: ".
    Object.defineProperty(this, "name", {
      value: `${new.target.className} [${this.code}]`, enumerable: false, configurable: true, writable: true,
    });
  }

  /** The class's name as messages show it; minifiers may rename the class itself. @internal */
  static readonly className: string = "NdloomError";
}

/**
 * Tells whether `error` is one of this library's, and optionally whether it has the given code.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * try {
 *   nd.ones([10]).sum({ axis: 3 });
 * } catch (error) {
 *   console.log(nd.isNdloomError(error, "ERR_AXIS")); // true
 * }
 * ```
 */
export function isNdloomError(error: unknown, code?: string): error is NdloomError {
  return error instanceof NdloomError && (code === undefined || error.code === code);
}

function withHint(message: string, hint: string | undefined): string {
  const text = message.replace(/\.$/, "");
  if (hint === undefined) return /[.?!]$/.test(text) ? text : `${text}.`;
  const end = /[.?!]$/.test(hint) ? hint : `${hint}.`;
  const sentence = /^[A-Z]/.test(hint);
  return sentence ? `${text}. ${end}` : `${text}; ${end}`;
}
