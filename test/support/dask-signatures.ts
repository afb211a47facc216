/** How Dask's parameters stand in our functions. */
export interface Signature {
  /** Positional with us, in order; one that ends in ? may be missing. */
  readonly positional: readonly string[];
  /** In the options object with us, in Dask's order. */
  readonly options: readonly string[];
  /** Takes any number of arguments after those. */
  readonly rest: boolean;
}

// name: our positional parameters / Dask's further parameters, which are options with us. * takes the rest.
const TEXT = `
ones: shape / dtype chunks
zeros: shape / dtype chunks
empty: shape / dtype chunks
full: shape fill_value / dtype chunks
ones_like: a / dtype order chunks name shape
zeros_like: a / dtype order chunks name shape
empty_like: a / dtype order chunks name shape
full_like: a fill_value / order dtype chunks name shape
arange: start stop? step? / dtype chunks
linspace: start stop / num endpoint retstep chunks dtype
eye: N / chunks M k dtype
tri: N / M k dtype chunks
tril: m / k
triu: m / k
tril_indices: n / k m chunks
triu_indices: n / k m chunks
diag: v / k
diagonal: a / offset axis1 axis2
meshgrid: coordinates / sparse indexing
indices: dimensions / dtype chunks
from_array: x / chunks
asarray: a / dtype
array: x / dtype
reshape: x shape / merge_chunks
ravel: x /
flatten: x /
transpose: a / axes
swapaxes: a axis1 axis2 /
rollaxis: a axis / start
moveaxis: a source destination /
squeeze: a / axis
expand_dims: a axis /
broadcast_to: x shape / chunks
broadcast_arrays: * /
concatenate: seq / axis allow_unknown_chunksizes
stack: seq / axis allow_unknown_chunksizes
hstack: tup / allow_unknown_chunksizes
vstack: tup / allow_unknown_chunksizes
dstack: tup / allow_unknown_chunksizes
block: arrays / allow_unknown_chunksizes
append: arr values / axis
atleast_1d: * /
atleast_2d: * /
atleast_3d: * /
flip: m / axis
fliplr: m /
flipud: m /
rot90: m / k axes
roll: array shift / axis
tile: A reps /
repeat: a repeats / axis
pad: array pad_width / mode constant_values end_values stat_length reflect_type
insert: arr obj values axis? /
delete: arr obj axis? /
diff: a / n axis prepend append
choose: a choices /
select: condlist choicelist / default
piecewise: x condlist funclist /
take: a indices / axis
compress: condition a / axis
extract: condition arr /
argwhere: a /
nonzero: a /
flatnonzero: a /
ravel_multi_index: multi_index dims / mode order
unravel_index: indices shape / order
rechunk: x chunks? / threshold block_size_limit balance method
astype: x dtype / casting
copy: x /
matmul: a b /
dot: a b /
vdot: a b /
outer: a b /
tensordot: lhs rhs / axes
einsum: * / dtype optimize split_every
where: condition x? y? /
clip: x min? max? /
isclose: a b / rtol atol equal_nan
allclose: a b / rtol atol equal_nan
round: a / decimals
around: a / decimals
sum: a / axis dtype keepdims split_every
prod: a / axis dtype keepdims split_every
mean: a / axis dtype keepdims split_every
std: a / axis dtype keepdims ddof split_every
var: a / axis dtype keepdims ddof split_every
moment: a order / axis dtype keepdims ddof split_every
max: a / axis keepdims split_every
min: a / axis keepdims split_every
any: a / axis keepdims split_every
all: a / axis keepdims split_every
argmax: a / axis keepdims split_every
argmin: a / axis keepdims split_every
nansum: a / axis dtype keepdims split_every
nanprod: a / axis dtype keepdims split_every
nanmean: a / axis dtype keepdims split_every
nanstd: a / axis dtype keepdims ddof split_every
nanvar: a / axis dtype keepdims ddof split_every
nanmax: a / axis keepdims split_every
nanmin: a / axis keepdims split_every
nanargmax: a / axis keepdims split_every
nanargmin: a / axis keepdims split_every
cumsum: x / axis dtype method
cumprod: x / axis dtype method
nancumsum: x / axis dtype method
nancumprod: x / axis dtype method
count_nonzero: a / axis
ptp: a / axis
trace: a / offset axis1 axis2 dtype
median: a / axis keepdims
nanmedian: a / axis keepdims
quantile: a q / axis method keepdims
nanquantile: a q / axis method keepdims
percentile: a q / method internal_method
average: a / axis weights returned keepdims
cov: m y? / rowvar bias ddof
corrcoef: x y? / rowvar
topk: a k / axis split_every
histogram: a / bins range weights density
histogram2d: x y / bins range weights density
histogramdd: sample / bins range weights density
argtopk: a k / axis split_every
random.random: size? / chunks
random.normal: loc? scale? / size chunks
random.randint: low high? / size chunks dtype
random.poisson: lam? / size chunks
random.binomial: n p / size chunks
random.choice: a / size replace p axis chunks
random.permutation: x /
random.default_rng: seed? /
Generator.random: size? / dtype chunks
Generator.integers: low high? / size dtype endpoint chunks
Generator.choice: a / size replace p axis shuffle chunks
ndim: a /
shape: a /
compute_chunk_sizes: x /
map_overlap: func x / depth boundary trim allow_rechunk
shuffle: x indexer / axis
` + ["abs", "isnan", "log", "rint", "sign", "sin", "spacing", "frexp"].map((name) => `${name}: x /\n`).join("")
  + ["fmod", "maximum", "left_shift", "right_shift", "hypot", "logaddexp", "copysign", "nextafter", "ldexp"].map((name) => `${name}: x y /\n`).join("");

const TABLE = new Map(TEXT.trim().split("\n").map((line): [string, Signature] => {
  const [name, parameters] = line.split(":") as [string, string];
  const [positional, options] = parameters.split("/").map((part) => part.trim().split(/\s+/).filter((word) => word !== "")) as [string[], string[]];
  return [name, { positional: positional.filter((word) => word !== "*"), options, rest: positional.includes("*") }];
}));

/** The signature of one of Dask's functions; an array method's first parameter is the array. */
export const signatureOf = (name: string, generator = false): Signature | undefined => TABLE.get(generator ? `Generator.${name}` : name);
