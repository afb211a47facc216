// Turns a tile of either layout into one of two shapes a reducer must know: rows (long runs of reduced elements)
// and columns (long runs of kept ones).
#pragma once
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "kernels/reduce/lanes.h"
#include "kernels/table.h"

namespace ndl::reduce {

inline constexpr int64_t kLongRun = 16;  // a run worth a vector loop of its own

// Where a part of a tile goes, and the indexes it has.
struct Part {
  void* state;
  int64_t capacity, kept0, kept, reduced;
  int64_t index0, index_kept, index_reduced;
  int64_t pitch;  // from one run of elements to the next
  int64_t ahead;  // bytes to what the next tile has; 0: nothing to ask for
};

// [outer][inner] -> [inner][outer]
template <class T>
inline void transpose(const T* x, T* y, int64_t outer, int64_t outer_stride, int64_t inner) {
  if (outer < inner) {
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t i = 0; i < inner; ++i) y[i * outer + o] = x[o * outer_stride + i];
  } else {
    for (int64_t i = 0; i < inner; ++i)
      for (int64_t o = 0; o < outer; ++o) y[i * outer + o] = x[o * outer_stride + i];
  }
}

// A tile that has to be turned, converted or taken apart first.
template <class R>
[[gnu::noinline]] void update_in_pieces(const ReduceTile* t, bool columns_given, bool columns_wanted) {
  using Codec = typename R::Codec;
  using Element = typename Codec::Element;
  using Value = typename Codec::Value;
  Element turned[kTileElements];
  Value scratch[kTileElements];
  const Element* x = static_cast<const Element*>(t->in[0]);
  const int64_t outer = columns_given ? t->reduced : t->kept;
  const int64_t inner = columns_given ? t->kept : t->reduced;
  const int64_t pitch = t->pitch == 0 ? inner : t->pitch;
  const int64_t together = columns_given && columns_wanted ? std::clamp<int64_t>(outer, 1, kUsualRows) : 1;  // the state is then seen once for them
  const int64_t inner_step = std::min(inner, kTileElements / together);
  const int64_t outer_step = std::max<int64_t>(1, kTileElements / inner_step);
  for (int64_t o = 0; o < outer; o += outer_step) {
    for (int64_t i = 0; i < inner; i += inner_step) {
      const int64_t no = std::min(outer_step, outer - o), ni = std::min(inner_step, inner - i);
      const int64_t kept = columns_given ? i : o, reduced = columns_given ? o : i;
      Part part{t->state,
                t->capacity,
                t->kept0 + kept,
                columns_given ? ni : no,
                columns_given ? no : ni,
                t->index0 + kept * t->index_kept + reduced * t->index_reduced,
                t->index_kept,
                t->index_reduced,
                pitch,
                0};
      const Element* piece = x + o * pitch + i;
      if (columns_given != columns_wanted) {
        transpose(piece, turned, no, pitch, ni);
        piece = turned;
        part.pitch = no;
      }
      const Value* values;
      if constexpr (std::is_same_v<Element, Value>) {
        values = piece;
      } else {
        const int64_t length = columns_wanted ? part.kept : part.reduced;
        const int64_t run = part.pitch == length ? no * ni : length;
        for (int64_t n = 0; n < no * ni; n += run, piece += part.pitch) Codec::load(piece, run, scratch + n);
        part.pitch = length;
        values = scratch;
      }
      if (columns_wanted) R::columns(part, values);
      else R::rows(part, values);
    }
  }
}

// Calls R::rows(part, x [kept][reduced]) or R::columns(part, x [reduced][kept]); x holds R::Codec::Value in at most kMostRuns runs, part.pitch apart,
// or kTileElements of them. The usual box makes no detours: what lies between two boxes is time in which memory is asked for nothing.
template <class R>
void update(const ReduceTile* t) {
  using Element = typename R::Codec::Element;
  const bool columns_given = (t->kept_inner && t->kept > 1) || t->reduced == 1;
  const bool columns_wanted =
      columns_given ? t->kept >= kLongRun || t->reduced < kLongRun : t->reduced < kLongRun && t->kept >= kLongRun;
  if constexpr (std::is_same_v<Element, typename R::Codec::Value>) {
    if (columns_given == columns_wanted && (columns_given ? t->reduced : t->kept) <= kMostRuns) {
      const int64_t pitch = t->pitch != 0 ? t->pitch : columns_given ? t->kept : t->reduced;
      const Part part{t->state, t->capacity, t->kept0, t->kept, t->reduced, t->index0, t->index_kept, t->index_reduced, pitch, t->ahead};
      const Element* x = static_cast<const Element*>(t->in[0]);
      return columns_given ? R::columns(part, x) : R::rows(part, x);
    }
  }
  update_in_pieces<R>(t, columns_given, columns_wanted);
}

template <class R>
ReduceFns functions() {
  return {R::state_bytes, R::init, update<R>, R::merge, R::finish};
}

}  // namespace ndl::reduce
