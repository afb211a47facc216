export const PEERS = ["ndloom", "dask", "numpy", "numexpr", "numba", "polars", "jax"] as const;
export type Peer = (typeof PEERS)[number];

/** One workload, as workloads.json writes it. */
export interface Workload {
  readonly title: string;
  readonly set: "compute" | "tasks" | "chunks" | "memory";
  readonly shape?: readonly number[];
  readonly dtype?: "float64" | "float32";
  readonly chunks?: unknown;
  readonly to?: readonly number[];
  /** How many arrays it reads; 1 when there is a dtype. */
  readonly inputs?: number;
  readonly nan?: boolean;
  readonly taken?: number;
  readonly bins?: number;
  readonly count?: number;
  /** Whether its input is a .npy file: the array that `make` would make, where {@link Request.file} says. */
  readonly file?: boolean;
  /** Sizes of chunks, each measured for itself. */
  readonly chunkBytes?: readonly number[];
  readonly repeats?: number;
  readonly timeoutSeconds?: number;
  /** How far a peer's result may be from ndloom's, relative to the larger one. */
  readonly tolerance: number;
  /** What peers need in memory beyond the inputs, where that is not about as much again. */
  readonly extraBytes?: Partial<Record<Peer, number>>;
  /** What bounds it, by its name in bench/kernels/limits.cc, and how much of that it takes: bytes, numbers, operations, or times. */
  readonly limit?: Readonly<Record<string, number>>;
  /** The configurations in which a peer runs it; the best one counts. */
  readonly ndloom?: readonly Config[];
  readonly dask?: readonly Config[];
  readonly numpy?: readonly Config[];
  readonly numexpr?: readonly Config[];
  readonly numba?: readonly Config[];
  readonly polars?: readonly Config[];
  readonly jax?: readonly Config[];
}

export type Config = Readonly<Record<string, unknown>>;

/** What a peer's process is asked, as JSON in its one argument. */
export interface Request {
  readonly workload: string;
  readonly config: Config;
  readonly repeats: number;
  readonly budgetSeconds: number;
  readonly threads: number;
  readonly file?: string;
  /** An addon with which to read the inputs between repeats (bench/kernels/read.cc). */
  readonly reading?: string;
}

/** What it answers, as its last line. */
export interface Answer {
  readonly version: string;
  readonly seconds: readonly number[];
  readonly cpuSeconds: readonly number[];
  readonly checksum: number;
  /** The most that the process, and those it started, held at once. */
  readonly peakBytes: number;
  /** Seconds a byte of plainly reading its inputs, as often as there are repeats. */
  readonly readSeconds?: readonly number[];
  /** The least seconds for each of the workload's sizes of chunks; `seconds` are then those of all together. */
  readonly byChunkBytes?: Readonly<Record<string, number>>;
}
