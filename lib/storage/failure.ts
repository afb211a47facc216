import { getSystemErrorMap } from "node:util";

/** What the system says of a failed call, in words: "no such file or directory". */
export function because(cause: unknown): string {
  const { errno, message } = cause as NodeJS.ErrnoException;
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message;
}
