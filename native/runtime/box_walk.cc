#include "runtime/box_walk.h"

#include <algorithm>
#include <cstdlib>

#include "kernels/table.h"

namespace ndl {
namespace {

using Kind = Streams::Kind;

constexpr int64_t kBlockRows = 32;       // of a box that is contiguous one way for one operand, the other way for another
constexpr int64_t kStateColumns = 128;   // of a box of several rows that are folded onto a state: what counts its rows together (sum.cc, moments.cc)
constexpr int64_t kScannedLanes = 8;     // rows of a box that is scanned along its columns: what scan.cc takes side by side
constexpr int64_t kEnoughColumns = 256;  // from here a single row in place beats several rows copied together

void drop_axis(BoxWalk& walk, Streams& streams, int axis) {
  for (int s = 0; s < streams.n; ++s) {
    int64_t* strides = streams.of(s);
    std::copy(strides + axis + 1, strides + walk.ndim, strides + axis);
    if (streams.index_axes[s] > axis) --streams.index_axes[s];
  }
  std::copy(walk.extents + axis + 1, walk.extents + walk.ndim, walk.extents + axis);
  --walk.ndim;
}

// Walks an axis the other way when nothing goes forward on it, or when a state must be filled upwards.
void turn_axes(BoxWalk& walk, Streams& streams, bool in_order) {
  for (int d = 0; d < walk.ndim; ++d) {
    bool forward = false, backward = false;
    for (int s = 0; s < streams.n; ++s) {
      if (streams.kinds[s] == Kind::kIndex || streams.index_axes[s] == d) continue;
      forward = forward || streams.of(s)[d] > 0;
      backward = backward || streams.of(s)[d] < 0;
    }
    int64_t kept = 0;  // of all folds one sign
    for (int f = 0; f < streams.nfolds && kept == 0; ++f) kept = streams.of(streams.kept[f])[d];
    const bool turn = kept < 0 || (kept == 0 && backward && !forward && !in_order);
    if (!turn) continue;
    for (int s = 0; s < streams.n; ++s) {
      int64_t& stride = streams.of(s)[d];
      if (streams.index_axes[s] == d) {
        streams.index_bases[s] += streams.index_steps[s] * (walk.extents[d] - 1);
        streams.index_steps[s] = -streams.index_steps[s];
      } else {
        streams.bases[s] += stride * (walk.extents[d] - 1);
        stride = -stride;
      }
    }
  }
}

void merge_axes(BoxWalk& walk, Streams& streams) {
  for (int d = walk.ndim - 2; d >= 0; --d) {
    bool merge = true;
    for (int s = 0; s < streams.n && merge; ++s) {
      const int64_t* strides = streams.of(s);
      __int128 step = static_cast<__int128>(strides[d + 1]) * walk.extents[d + 1];
      merge = strides[d] == step && streams.index_axes[s] != d && streams.index_axes[s] != d + 1;
    }
    if (!merge) continue;
    walk.extents[d + 1] *= walk.extents[d];
    drop_axis(walk, streams, d);
  }
}

bool state_contiguous(const Streams& streams, int axis) {
  for (int f = 0; f < streams.nfolds; ++f) {
    const int64_t stride = streams.of(streams.kept[f])[axis];
    if (stride != 0 && stride != 1) return false;
  }
  return true;
}

// Whether some fold keeps `inner` and folds `outer`: its state lies along the rows of a box.
bool state_along_rows(const Streams& streams, int outer, int inner) {
  for (int f = 0; f < streams.nfolds; ++f) {
    if (streams.of(streams.kept[f])[inner] != 0 && streams.of(streams.kept[f])[outer] == 0) return true;
  }
  return false;
}

// The innermost axis: the one along which most operands are contiguous. Short axes count less.
int choose_inner(const BoxWalk& walk, const Streams& streams, bool in_order) {
  int best = walk.ndim - 1;
  if (in_order) return best;
  int64_t best_score = -1;
  for (int d = walk.ndim - 1; d >= 0; --d) {
    int64_t score = 1;
    for (int s = 0; s < streams.n; ++s) {
      if (streams.of(s)[d] != 1 || streams.index_axes[s] == d) continue;
      if (streams.kinds[s] == Kind::kLoad) score += 4;
      if (streams.kinds[s] == Kind::kStore) score += 6;
      if (streams.kinds[s] == Kind::kGenerator) score += 8;
    }
    score *= std::min<int64_t>(walk.extents[d], 32);
    if (!state_contiguous(streams, d)) score = 0;
    if (score > best_score) {
      best_score = score;
      best = d;
    }
  }
  return best;
}

// Operands that run along `axis`, and across `inner`.
int count_crossing(const Streams& streams, int axis, int inner) {
  int n = 0;
  for (int s = 0; s < streams.n; ++s) {
    if (streams.kinds[s] != Kind::kLoad && streams.kinds[s] != Kind::kStore) continue;
    if (streams.index_axes[s] == axis || streams.index_axes[s] == inner) continue;
    const int64_t along = std::abs(streams.of(s)[axis]), across = std::abs(streams.of(s)[inner]);
    n += along == 1 && across > 1;
  }
  return n;
}

// Whether one row of the box needs no copying.
bool row_in_place(const Streams& streams, int inner) {
  for (int s = 0; s < streams.n; ++s) {
    if (streams.kinds[s] != Kind::kLoad && streams.kinds[s] != Kind::kStore) continue;
    const int64_t stride = streams.of(s)[inner];
    if (streams.index_axes[s] == inner || (stride != 0 && stride != 1)) return false;
  }
  return true;
}

// Whether rows of `columns` follow each other without a gap for whatever runs along them: several are then as much in place as one.
bool rows_run_on(const BoxWalk& walk, const Streams& streams, int outer) {
  if (walk.columns != walk.extents[walk.inner]) return false;
  for (int f = 0; f < streams.nfolds; ++f) {
    if (streams.of(streams.kept[f])[walk.inner] != 0) return false;
  }
  for (int s = 0; s < streams.n; ++s) {
    if (streams.kinds[s] != Kind::kLoad && streams.kinds[s] != Kind::kStore) continue;
    if (streams.index_axes[s] == outer || streams.of(s)[outer] != streams.of(s)[walk.inner] * walk.columns) return false;
  }
  return true;
}

// Whether a box may have several rows, given what the reducers' states and indices allow.
bool rows_allowed(const BoxWalk& walk, const Streams& streams) {
  const int64_t columns = walk.columns;
  for (int f = 0; f < streams.nfolds; ++f) {
    const int64_t kept_row = streams.of(streams.kept[f])[walk.outer], kept_column = streams.of(streams.kept[f])[walk.inner];
    if (columns > 1 && kept_column != 0 && kept_row != 0 && kept_row != columns) return false;
    if ((columns == 1 || kept_column == 0) && kept_row != 0 && kept_row != 1) return false;
    const bool same_side = (kept_row == 0) == (kept_column == 0);
    if (streams.index[f] >= 0 && same_side && columns > 1) {  // the index must be affine over the box
      const int64_t* index = streams.of(streams.index[f]);
      if (static_cast<__int128>(index[walk.inner]) * columns != index[walk.outer]) return false;
    }
  }
  return true;
}

// Folds some rows together onto a state that lies along the columns: it is then loaded and stored once for all of them, and memory is read in as
// many runs at once. Not where something is generated, which wants long rows.
bool rows_over_state(BoxWalk& walk, const Streams& streams) {
  if (walk.columns <= kStateColumns) return false;
  bool loads = false;
  for (int s = 0; s < streams.n; ++s) {
    if (streams.kinds[s] == Kind::kGenerator) return false;
    loads = loads || (streams.kinds[s] == Kind::kLoad && streams.index_axes[s] != walk.inner && streams.of(s)[walk.inner] == 1);
  }
  if (!loads) return false;
  BoxWalk found = walk;
  found.columns = kStateColumns;
  for (int d = walk.ndim - 1; d >= 0; --d) {
    if (d == walk.inner || !state_along_rows(streams, d, walk.inner)) continue;
    found.outer = d;
    found.rows = std::min(walk.extents[d], kTileElements / kStateColumns);
    if (!rows_allowed(found, streams) || count_crossing(streams, d, walk.inner) > 0) return false;
    walk = found;
    return true;
  }
  return false;
}

// Scans several lanes side by side that lie below each other.
bool rows_of_lanes(BoxWalk& walk, const Streams& streams) {
  if (walk.columns == 1) return false;
  for (int f = streams.first_scan; f < streams.nfolds; ++f) {
    const int64_t* lanes = streams.of(streams.kept[f]);
    if (lanes[walk.inner] != 0) continue;
    for (int d = walk.ndim - 1; d >= 0; --d) {
      if (lanes[d] != 1) continue;
      BoxWalk found = walk;
      found.outer = d;
      found.rows = std::min(walk.extents[d], kScannedLanes);
      found.columns = std::min(walk.columns, kTileElements / found.rows);
      if (!rows_allowed(found, streams)) continue;
      walk = found;
      return true;
    }
  }
  return false;
}

}  // namespace

BoxWalk plan_walk(int ndim, const int64_t* extents, Streams& streams, bool in_order) {
  BoxWalk walk{};
  walk.ndim = ndim;
  std::copy(extents, extents + ndim, walk.extents);
  for (int d = ndim - 1; d >= 0; --d) {
    if (walk.extents[d] == 1 && walk.ndim > 1) {
      bool indexed = false;
      for (int s = 0; s < streams.n; ++s) indexed = indexed || streams.index_axes[s] == d;
      if (!indexed) drop_axis(walk, streams, d);
    }
  }
  turn_axes(walk, streams, in_order);
  merge_axes(walk, streams);

  walk.inner = choose_inner(walk, streams, in_order);
  walk.outer = -1;
  walk.rows = 1;
  const int64_t length = walk.extents[walk.inner];
  walk.columns = state_contiguous(streams, walk.inner) ? std::min(length, kTileElements) : 1;
  if (walk.ndim == 1) return walk;

  if (rows_of_lanes(walk, streams) || rows_over_state(walk, streams)) return walk;

  int crossing = -1, crossing_count = 0, longest = -1, nearest = -1;
  for (int d = walk.ndim - 1; d >= 0; --d) {
    if (d == walk.inner) continue;
    if (nearest < 0) nearest = d;
    const int count = count_crossing(streams, d, walk.inner);
    if (count > crossing_count) {
      crossing_count = count;
      crossing = d;
    }
    walk.outer = d;
    if (in_order && d != nearest) continue;
    if (rows_allowed(walk, streams) && (longest < 0 || walk.extents[d] > walk.extents[longest])) longest = d;
  }

  if (crossing >= 0 && !in_order) {
    // Whole cache lines both ways.
    walk.outer = crossing;
    const int64_t full = walk.columns, across = walk.extents[crossing];
    walk.rows = std::min(across, std::max(kBlockRows, kTileElements / full));
    walk.columns = std::min(full, std::max<int64_t>(kBlockRows, kTileElements / walk.rows));
    walk.rows = std::min(across, kTileElements / walk.columns);
    if (!rows_allowed(walk, streams)) {
      walk.rows = 1;
      walk.columns = full;
    }
  } else if (walk.columns * 2 > kTileElements ||
             longest < 0 ||
             (walk.columns >= kEnoughColumns && row_in_place(streams, walk.inner) &&
              !rows_run_on(walk, streams, longest))) {
    walk.outer = nearest;
  } else {
    walk.outer = longest;
    walk.rows = std::min(walk.extents[longest], kTileElements / walk.columns);
  }
  // Sums over rows: stay with a block of columns, whose state is then in cache.
  walk.columns_outermost = !in_order && walk.rows == 1 && state_along_rows(streams, walk.outer, walk.inner);
  return walk;
}

}  // namespace ndl
