// How a segment is walked: which axes merge, which two span a box of the tile, and how large the box is. All of it
// follows from the segment alone, so that additions have a fixed order.
#pragma once
#include <cstdint>

#include "runtime/plan.h"

namespace ndl {

// What moves along the axes of a segment: an affine number each, with one stride per axis.
struct Streams {
  enum class Kind : uint8_t { kLoad, kGenerator, kStore, kKept, kIndex };
  int n = 0;
  const Kind* kinds = nullptr;
  int64_t* bases = nullptr;         // by stream
  int64_t* strides = nullptr;       // [stream][kMaxDims]
  int8_t* index_axes = nullptr;     // of an indexed load: its axis, else -1
  int64_t* index_bases = nullptr;   // of an indexed load: where in the index it starts, and which way it goes
  int64_t* index_steps = nullptr;
  int nfolds = 0;       // and scans, which come last
  int first_scan = 0;
  int kept[kMaxFolds], index[kMaxFolds];  // streams; an index is -1 when nobody asks for it

  int64_t* of(int stream) const { return strides + stream * kMaxDims; }
};

struct BoxWalk {
  int ndim;                    // axes that are left
  int64_t extents[kMaxDims];
  int outer, inner;            // the box's axes; outer is -1 when there is but one
  int64_t rows, columns;       // the box's extents
  bool columns_outermost;      // walk the rows inside of a block of columns
};

// Merges and turns axes of `streams` in place, and chooses the boxes. `in_order`: an arg-reduction wants ascending
// indices, a scan its lanes from first to last, so axes stay as they are.
BoxWalk plan_walk(int ndim, const int64_t* extents, Streams& streams, bool in_order);

}  // namespace ndl
