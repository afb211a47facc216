import type { Buffer } from "./buffer.js";
import type { Concat } from "./concat.js";
import type { File } from "./file.js";
import type { Full } from "./full.js";
import type { Gather } from "./gather.js";
import type { Histogram } from "./histogram.js";
import type { Iota } from "./iota.js";
import type { Cast, MapOp } from "./map.js";
import type { Matmul } from "./matmul.js";
import type { Random } from "./random.js";
import type { Reduce } from "./reduce.js";
import type { Rows } from "./rows.js";
import type { Scan } from "./scan.js";
import type { Nonzero, Select } from "./select.js";
import type { Reshape, View } from "./view.js";

/** Every node kind there is: a switch over `kind` that forgets one does not compile. */
export type Node =
  | Buffer | Cast | Concat | File | Full | Gather | Histogram | Iota | MapOp | Matmul | Nonzero | Random | Reduce | Reshape | Rows | Scan | Select | View;
