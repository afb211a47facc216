// Writes a file larger than the process may write, which fails as a full disk does; then computes something else.
import { execFileSync } from "node:child_process";
import * as nd from "../../../../lib/index.js";

execFileSync("prlimit", ["--fsize=1048576", "--pid", String(process.pid)]);
try {
  await nd.ones([1000, 1000]).toNpy(process.argv[2]!);
  console.log("written");
} catch (error) {
  const { layer, code, message } = error as nd.StorageError;
  console.log(error instanceof nd.StorageError ? "StorageError" : "other", code, layer, message);
}
console.log(await nd.ones([5]).sum().compute());
