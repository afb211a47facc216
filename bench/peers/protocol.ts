/** One workload, as workloads.json writes it. */
export interface Workload {
  readonly title: string;
  readonly shape?: readonly number[];
  readonly dtype?: "float64" | "float32";
  readonly chunks?: unknown;
  readonly nan?: boolean;
  readonly taken?: number;
  readonly count?: number;
  readonly repeats?: number;
  /** How far a peer's result may be from ndloom's, relative to the larger one. */
  readonly tolerance: number;
  /** What NumPy needs in memory beyond its inputs. */
  readonly numpyBytes?: number;
  /** The configurations in which a peer runs it; the best one counts. */
  readonly dask?: readonly Config[];
  readonly numpy?: readonly Config[];
  readonly numexpr?: readonly Config[];
  readonly numba?: readonly Config[];
}

export type Config = Readonly<Record<string, unknown>>;

/** What a peer's process is asked, as JSON in its one argument. */
export interface Request {
  readonly workload: string;
  readonly config: Config;
  readonly repeats: number;
  readonly budgetSeconds: number;
  readonly threads: number;
}

/** What it answers, as its last line. */
export interface Answer {
  readonly version: string;
  readonly seconds: readonly number[];
  readonly cpuSeconds: readonly number[];
  readonly checksum: number;
  readonly peakBytes: number;
}
