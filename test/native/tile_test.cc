// The tile executor against an evaluation of one element at a time, over random programs and layouts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "plan_builder.h"

namespace {

using namespace ndl;
using namespace ndl::testing;

struct View {
  int64_t offset = 0;
  std::vector<int64_t> strides;
};

struct LoadCase {
  DType dtype;
  std::vector<uint64_t> memory;  // eight-byte units, so that it is aligned
  View view;
  bool indexed = false;
  std::vector<int64_t> index;
  int64_t index_offset = 0, axis = 0, limit = 0;
};

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  int64_t upto(int64_t n) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(n)); }  // [0, n)
  bool chance(int percent) { return upto(100) < percent; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<size_t>(upto(static_cast<int64_t>(from.size())))];
  }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

// Distinct elements for a box: a dense or padded layout, axes in any order, some turned round. Adds broadcast axes
// when asked to. Gives the number of elements that the memory needs.
int64_t random_view(Random& random, const std::vector<int64_t>& extents, bool broadcast, View* view) {
  const size_t ndim = extents.size();
  std::vector<size_t> order(ndim);
  for (size_t d = 0; d < ndim; ++d) order[d] = d;
  if (random.chance(50)) std::shuffle(order.begin(), order.end(), random.engine());
  view->strides.assign(ndim, 0);
  view->offset = random.upto(5);
  int64_t step = random.chance(20) ? 2 : 1;
  for (size_t i = ndim; i-- > 0;) {
    const size_t d = order[i];
    if (broadcast && random.chance(25)) continue;
    view->strides[d] = step;
    step *= extents[d];
    if (random.chance(20)) step += 3;
    if (random.chance(25)) {
      view->offset += view->strides[d] * (extents[d] - 1);
      view->strides[d] = -view->strides[d];
    }
  }
  int64_t high = view->offset;
  for (size_t d = 0; d < ndim; ++d) high += std::max<int64_t>(0, view->strides[d] * (extents[d] - 1));
  return high + 1;
}

std::vector<int64_t> random_extents(Random& random) {
  static const std::vector<std::vector<int64_t>> kShapes = {
      {1},          {7},         {1024},       {1025},      {5000},       {3, 1024},   {40, 50},    {100, 3},
      {3, 700},     {1, 1},      {2, 1, 30},   {5, 6, 7},   {2, 300, 4},  {33, 65},    {64, 1200},  {2, 2, 2, 2, 2},
      {1, 2000, 1}, {4, 40, 50}, {3, 5, 1, 9}, {1100, 2},   {2, 1100},    {128, 128},  {257, 31},   {1, 1, 1}};
  std::vector<int64_t> extents = random.pick(kShapes);
  std::shuffle(extents.begin(), extents.end(), random.engine());
  return extents;
}

struct Case {
  std::vector<int64_t> extents;
  std::vector<LoadCase> loads;
  bool generator = false;
  View generator_view;
  // instructions over float64 registers, after loads, the generator and one constant
  struct Step {
    Op op;
    int out;
    std::vector<int> in;
  };
  std::vector<Step> steps;
  int nregisters = 0;
  std::vector<std::pair<int, View>> stores;
  std::vector<int64_t> store_elements;
};

constexpr double kConstant = 0.75;

Case random_case(Random& random) {
  Case c;
  c.extents = random_extents(random);
  const auto nloads = 1 + random.upto(3);
  for (int64_t j = 0; j < nloads; ++j) {
    LoadCase load;
    load.dtype = DType::kFloat64;
    std::vector<int64_t> extents = c.extents;
    load.indexed = random.chance(25);
    if (load.indexed) {
      load.axis = random.upto(static_cast<int64_t>(extents.size()));
      load.limit = 1 + random.upto(50);
      load.index_offset = random.upto(3);
      load.index.resize(static_cast<size_t>(load.index_offset + extents[static_cast<size_t>(load.axis)]));
      for (int64_t& i : load.index) i = random.upto(load.limit);
      extents[static_cast<size_t>(load.axis)] = load.limit;
    }
    const int64_t elements = random_view(random, extents, true, &load.view);
    load.memory.resize(static_cast<size_t>(elements));
    for (uint64_t& word : load.memory) word = std::bit_cast<uint64_t>(static_cast<double>(random.upto(1000)) / 8 - 50);
    c.loads.push_back(std::move(load));
  }
  c.generator = random.chance(30);
  if (c.generator) random_view(random, c.extents, true, &c.generator_view);
  if (c.generator) {
    for (int64_t& stride : c.generator_view.strides) stride = std::abs(stride);
  }
  int next = static_cast<int>(nloads) + c.generator;
  const int constant = next++;
  const auto nsteps = random.upto(5);
  static const std::vector<Op> kBinary = {Op::add, Op::subtract, Op::multiply, Op::maximum};
  static const std::vector<Op> kUnary = {Op::negative, Op::sin, Op::absolute};
  for (int64_t k = 0; k < nsteps; ++k) {
    Case::Step step;
    const bool binary = random.chance(70);
    step.op = binary ? random.pick(kBinary) : random.pick(kUnary);
    for (int i = 0; i < (binary ? 2 : 1); ++i) step.in.push_back(static_cast<int>(random.upto(next)));
    const bool again = next > constant + 1 && random.chance(25);  // registers may be written again
    step.out = again ? constant + 1 + static_cast<int>(random.upto(next - constant - 1)) : next++;
    c.steps.push_back(step);
  }
  c.nregisters = next;
  const auto nstores = 1 + random.upto(2);
  for (int64_t s = 0; s < nstores; ++s) {
    View view;
    c.store_elements.push_back(random_view(random, c.extents, false, &view));
    c.stores.emplace_back(random.chance(60) ? next - 1 : static_cast<int>(random.upto(next)), view);
  }
  return c;
}

int64_t at(const View& view, const std::vector<int64_t>& position) {
  int64_t offset = view.offset;
  for (size_t d = 0; d < position.size(); ++d) offset += view.strides[d] * position[d];
  return offset;
}

template <typename Visit>
void for_each(const std::vector<int64_t>& extents, Visit visit) {
  std::vector<int64_t> position(extents.size(), 0);
  while (true) {
    visit(position);
    size_t d = extents.size();
    while (d > 0 && ++position[d - 1] == extents[d - 1]) position[--d] = 0;
    if (d == 0) return;
  }
}

RandomParams uniform_params() {
  RandomParams params{};
  params.key = 42;
  return params;
}

// All registers at one position.
std::vector<double> evaluate(const Case& c, const std::vector<int64_t>& position) {
  std::vector<double> r(static_cast<size_t>(c.nregisters), 0);
  size_t next = 0;
  for (const LoadCase& load : c.loads) {
    std::vector<int64_t> p = position;
    if (load.indexed) {
      int64_t& coordinate = p[static_cast<size_t>(load.axis)];
      coordinate = load.index[static_cast<size_t>(load.index_offset + coordinate)];
    }
    r[next++] = std::bit_cast<double>(load.memory[static_cast<size_t>(at(load.view, p))]);
  }
  if (c.generator) {
    const RandomParams params = uniform_params();
    kernels()->generate[static_cast<int>(Generator::kRandom)](&r[next++], at(c.generator_view, position), 1, 1, &params);
  }
  r[next++] = kConstant;
  for (const Case::Step& step : c.steps) {
    double result = 0;
    void* out[] = {&result};
    const void* in[3];
    for (size_t i = 0; i < step.in.size(); ++i) in[i] = &r[static_cast<size_t>(step.in[i])];
    kernels()->map[static_cast<int>(step.op)][static_cast<int>(DType::kFloat64)](out, in, 1);
    r[static_cast<size_t>(step.out)] = result;
  }
  return r;
}

// `last`: an instruction after the steps, with a register of its own.
void put_program(const Case& c, const Words& sinks, int64_t nstores, int64_t nreducers, Batch* batch, const Words& last = {}) {
  const int more = last.size() > 0;
  Words program;
  program.put({static_cast<int64_t>(c.loads.size()), c.generator, 1, static_cast<int64_t>(c.steps.size()) + more, nstores,
               nreducers, c.nregisters + more});
  for (int r = 0; r < c.nregisters + more; ++r) program.put({index_of(DType::kFloat64)});
  for (const LoadCase& load : c.loads) program.put({load.indexed});
  if (c.generator) {
    program.put({static_cast<int64_t>(Generator::kRandom)}).bits(42).bits(0).bits(0).put({0, 0, 0, 0});
  }
  program.bits(std::bit_cast<uint64_t>(kConstant)).bits(0);
  for (const Case::Step& step : c.steps) {
    program.put({static_cast<int64_t>(step.op), index_of(DType::kFloat64), 1, static_cast<int64_t>(step.in.size()),
                 step.out});
    for (const int in : step.in) program.put({in});
  }
  program.append(last).append(sinks);
  batch->program(program);
}

// The sources' words of a segment; imports the loads as slots 100, 101... and their indices as 200...
Words sources(const Case& c, Engine* engine) {
  Words words;
  words.put({static_cast<int64_t>(c.extents.size())}).put(c.extents);
  for (size_t j = 0; j < c.loads.size(); ++j) {
    const LoadCase& load = c.loads[j];
    auto bytes_of = [](const auto& v) { return reinterpret_cast<std::byte*>(const_cast<void*>(static_cast<const void*>(v.data()))); };
    EXPECT_TRUE(engine->import_slot(100 + j, bytes_of(load.memory), static_cast<int64_t>(load.memory.size() * 8),
                                    std::make_shared<int>(0)).ok());
    words.put({100 + static_cast<int64_t>(j), load.view.offset}).put(load.view.strides);
    if (!load.indexed) continue;
    EXPECT_TRUE(engine->import_slot(200 + j, bytes_of(load.index), static_cast<int64_t>(load.index.size() * 8),
                                    std::make_shared<int>(0)).ok());
    words.put({200 + static_cast<int64_t>(j), load.index_offset, load.axis, load.limit});
  }
  if (c.generator) words.put({c.generator_view.offset}).put(c.generator_view.strides);
  return words;
}

std::string describe(const Case& c) {
  std::string text = "extents";
  for (const int64_t e : c.extents) text += " " + std::to_string(e);
  for (const LoadCase& load : c.loads) {
    text += load.indexed ? "; indexed on " + std::to_string(load.axis) + ":" : "; load:";
    for (const int64_t s : load.view.strides) text += " " + std::to_string(s);
  }
  return text;
}

TEST(Tiles, StoresWhatTheProgramSaysAtEachPosition) {
  for (uint64_t seed = 1; seed <= 1500; ++seed) {
    Random random(seed);
    const Case c = random_case(random);
    const auto engine = make_engine();
    Batch batch;
    Words sinks;
    for (const auto& store : c.stores) sinks.put({store.first});
    put_program(c, sinks, static_cast<int64_t>(c.stores.size()), 0, &batch);
    Words segment = sources(c, engine.get());
    for (size_t s = 0; s < c.stores.size(); ++s) {
      batch.slot(static_cast<int64_t>(s) + 1, c.store_elements[s] * 8, 1, 0, true);
      segment.put({static_cast<int64_t>(s) + 1, c.stores[s].second.offset}).put(c.stores[s].second.strides);
    }
    Words task;
    task.put({0, 0, 1}).append(segment);
    batch.task(0, 0, 1, task);
    const RunEvent end = run_words(*engine, batch.words());
    ASSERT_EQ(end.state, RunState::kDone) << "seed " << seed << ": " << end.status.message;
    for (size_t s = 0; s < c.stores.size(); ++s) {
      std::shared_ptr<Slot> slot;
      ASSERT_TRUE(engine->export_slot(s + 1, &slot).ok());
      const auto* values = reinterpret_cast<const double*>(slot->data);
      for_each(c.extents, [&](const std::vector<int64_t>& position) {
        const double expected = evaluate(c, position)[static_cast<size_t>(c.stores[s].first)];
        const double got = values[at(c.stores[s].second, position)];
        if (std::bit_cast<uint64_t>(expected) == std::bit_cast<uint64_t>(got)) return;
        ADD_FAILURE() << "seed " << seed << " store " << s << ": expected " << expected << ", got " << got << "; "
                      << describe(c);
      });
      if (HasFailure()) return;
    }
  }
}

struct FoldCase {
  View kept;
  int64_t capacity;
  size_t first_slot;
};

// Some axes kept, in any order in the state; `turned` axes fill it downwards.
FoldCase random_fold(Random& random, const std::vector<int64_t>& extents, const std::vector<bool>& turned) {
  const size_t ndim = extents.size();
  std::vector<size_t> order(ndim);
  for (size_t d = 0; d < ndim; ++d) order[d] = d;
  if (random.chance(40)) std::shuffle(order.begin(), order.end(), random.engine());
  View kept{random.upto(3), std::vector<int64_t>(ndim, 0)};
  int64_t step = random.chance(15) ? 2 : 1;
  int64_t capacity = kept.offset + 1;
  for (size_t i = ndim; i-- > 0;) {
    const size_t d = order[i];
    if (random.chance(50)) continue;
    kept.strides[d] = step;
    step *= extents[d];
    capacity += kept.strides[d] * (extents[d] - 1);
    if (turned[d]) {
      kept.offset += kept.strides[d] * (extents[d] - 1);
      kept.strides[d] = -kept.strides[d];
    }
  }
  return {kept, capacity + random.upto(3), 0};
}

// A box of the domain folded in one to three ways.
TEST(Tiles, ReducersSeeEachPositionOnce) {
  for (uint64_t seed = 1; seed <= 1500; ++seed) {
    Random random(seed);
    const Case c = random_case(random);
    const auto engine = make_engine();
    const size_t ndim = c.extents.size();
    std::vector<bool> turned(ndim);
    for (size_t d = 0; d < ndim; ++d) turned[d] = random.chance(20);
    std::vector<FoldCase> folds;
    for (int64_t f = random.chance(50) ? 1 : 1 + random.upto(3); f > 0; --f) folds.push_back(random_fold(random, c.extents, turned));
    View index{7, std::vector<int64_t>(ndim, 0)};  // of the element in C order
    int64_t index_step = 1;
    for (size_t d = ndim; d-- > 0;) {
      index.strides[d] = index_step;
      index_step *= c.extents[d];
    }

    const int reg = c.nregisters - 1;
    const bool arg = random.chance(50);  // arg-reductions change how the box is walked
    const std::vector<Reducer> kinds = arg ? std::vector<Reducer>{Reducer::kArgmax, Reducer::kSum}
                                           : std::vector<Reducer>{Reducer::kSum, Reducer::kMax, Reducer::kMoments2};
    Batch batch;
    Words sinks, task, fields, targets;
    task.put({0});
    int64_t slot = 1;
    for (size_t f = 0; f < folds.size(); ++f) {
      FoldCase& fold = folds[f];
      fold.first_slot = static_cast<size_t>(slot);
      task.put({fold.capacity});
      targets.put({fold.kept.offset}).put(fold.kept.strides).put({index.offset}).put(index.strides);
      for (const Reducer kind : kinds) {
        sinks.put({static_cast<int64_t>(kind), index_of(DType::kFloat64), static_cast<int64_t>(2 * f), 1, reg});
        const int nfields = kind == Reducer::kArgmax ? 2 : kind == Reducer::kMoments2 ? 3 : 1;
        for (int i = 0; i < nfields; ++i) {
          batch.slot(slot, fold.capacity * 8, 1, 0, true);
          fields.put({slot++, 0});
        }
      }
    }
    put_program(c, sinks, 0, static_cast<int64_t>(kinds.size() * folds.size()), &batch);
    task.append(fields).put({1}).append(sources(c, engine.get())).append(targets);
    batch.task(0, 0, 1, task);
    const RunEvent end = run_words(*engine, batch.words());
    ASSERT_EQ(end.state, RunState::kDone) << "seed " << seed << ": " << end.status.message;

    std::vector<std::shared_ptr<Slot>> results(static_cast<size_t>(slot));
    for (int64_t s = 1; s < slot; ++s) {
      ASSERT_TRUE(engine->export_slot(static_cast<uint64_t>(s), &results[static_cast<size_t>(s)]).ok());
    }
    for (const FoldCase& fold : folds) {
      const auto n = static_cast<size_t>(fold.capacity);
      std::vector<double> sum(n), largest(n, -INFINITY), squares(n);
      std::vector<int64_t> count(n), where(n, -1);
      for_each(c.extents, [&](const std::vector<int64_t>& position) {
        const double value = evaluate(c, position)[static_cast<size_t>(reg)];
        const auto k = static_cast<size_t>(at(fold.kept, position));
        sum[k] += value;
        squares[k] += value * value;
        ++count[k];
        if (where[k] < 0 || value > largest[k]) {
          largest[k] = value;
          where[k] = at(index, position);
        }
      });
      const auto reals = [&](size_t field) { return reinterpret_cast<const double*>(results[fold.first_slot + field]->data); };
      const auto wholes = [&](size_t field) { return reinterpret_cast<const int64_t*>(results[fold.first_slot + field]->data); };
      for (size_t k = 0; k < n; ++k) {
        if (count[k] == 0) continue;
        const double tolerance = 1e-9 * (1 + squares[k]);
        const std::string place = "seed " + std::to_string(seed) + " kept " + std::to_string(k) + "; " + describe(c);
        if (arg) {
          ASSERT_EQ(reals(0)[k], largest[k]) << place;
          ASSERT_EQ(wholes(1)[k], where[k]) << place;
          ASSERT_NEAR(reals(2)[k], sum[k], tolerance) << place;
        } else {
          const double mean = sum[k] / static_cast<double>(count[k]);
          ASSERT_NEAR(reals(0)[k], sum[k], tolerance) << place;
          ASSERT_EQ(reals(1)[k], largest[k]) << place;
          ASSERT_EQ(wholes(2)[k], count[k]) << place;
          ASSERT_NEAR(reals(3)[k], mean, tolerance) << place;
          ASSERT_NEAR(reals(4)[k], squares[k] - sum[k] * mean, 1e-7 * (1 + squares[k])) << place;
        }
      }
    }
  }
}

// A box scanned along one of its axes, from given sums or none, stored and folded; and how it was left.
TEST(Tiles, ScansRunAlongTheirAxis) {
  for (uint64_t seed = 1; seed <= 1500; ++seed) {
    Random random(seed);
    Case c = random_case(random);
    const auto engine = make_engine();
    const size_t ndim = c.extents.size();
    const auto axis = static_cast<size_t>(random.upto(static_cast<int64_t>(ndim)));
    std::vector<size_t> order(ndim);
    for (size_t d = 0; d < ndim; ++d) order[d] = d;
    if (random.chance(40)) std::shuffle(order.begin(), order.end(), random.engine());
    View lane{random.upto(3), std::vector<int64_t>(ndim, 0)};
    int64_t lanes = 1;
    for (size_t i = ndim; i-- > 0;) {
      if (order[i] == axis) continue;
      lane.strides[order[i]] = lanes;
      lanes *= c.extents[order[i]];
    }
    lanes += lane.offset + random.upto(3);
    const bool product = random.chance(30), before = random.chance(50), after = random.chance(70), folded = random.chance(50);
    std::vector<double> sums(static_cast<size_t>(lanes) + 1);
    for (double& sum : sums) sum = product ? 1.0 + static_cast<double>(random.upto(4)) / 8 : static_cast<double>(random.upto(1000));

    const int reg = c.nregisters - 1, scanned = c.nregisters;
    View view;
    const int64_t elements = random_view(random, c.extents, false, &view);
    Batch batch;
    const int64_t f64 = index_of(DType::kFloat64);
    Words sinks;
    sinks.put({scanned});
    if (folded) sinks.put({static_cast<int64_t>(Reducer::kMax), f64, 0, 1, scanned});
    put_program(c, sinks, 1, folded, &batch, Words().put({product ? -3 : -2, f64, 1, 1, scanned, reg}));

    batch.slot(1, elements * 8, 1, 0, true);
    if (folded) batch.slot(2, 8, 1, 0, true);
    if (after) batch.slot(3, lanes * 8, 1, 0, true);
    ASSERT_TRUE(engine->import_slot(4, reinterpret_cast<std::byte*>(sums.data()), static_cast<int64_t>(sums.size() * 8), std::make_shared<int>(0)).ok());
    Words task;
    task.put({0, folded ? 1 : 0});
    if (folded) task.put({2, 0});
    task.put({lanes, before + 2 * after});
    if (before) task.put({4, 1});
    if (after) task.put({3, 0});
    const std::vector<int64_t> still(ndim, 0);
    task.put({1}).append(sources(c, engine.get())).put({1, view.offset}).put(view.strides);
    if (folded) task.put({0}).put(still).put({0}).put(still);
    task.put({!before, lane.offset}).put(lane.strides);
    batch.task(0, 0, 1, task);
    const RunEvent end = run_words(*engine, batch.words());
    ASSERT_EQ(end.state, RunState::kDone) << "seed " << seed << ": " << end.status.message;

    std::shared_ptr<Slot> stored, left, fold;
    ASSERT_TRUE(engine->export_slot(1, &stored).ok());
    std::vector<double> state(sums.begin() + 1, sums.end());
    std::vector<bool> begun(state.size(), before), seen(state.size(), false);
    double largest = -INFINITY;
    for_each(c.extents, [&](const std::vector<int64_t>& position) {  // C order: each lane from first to last
      const auto k = static_cast<size_t>(at(lane, position));
      const double x = evaluate(c, position)[static_cast<size_t>(reg)];
      state[k] = !begun[k] ? x : product ? state[k] * x : state[k] + x;
      begun[k] = seen[k] = true;
      if (!(state[k] <= largest) && !std::isnan(largest)) largest = state[k];
      const double got = reinterpret_cast<const double*>(stored->data)[at(view, position)];
      if (std::bit_cast<uint64_t>(state[k]) != std::bit_cast<uint64_t>(got)) {
        ADD_FAILURE() << "seed " << seed << " axis " << axis << ": expected " << state[k] << ", got " << got << "; " << describe(c);
      }
    });
    if (folded) {
      ASSERT_TRUE(engine->export_slot(2, &fold).ok());
      const double got = *reinterpret_cast<const double*>(fold->data);
      ASSERT_TRUE(got == largest || (std::isnan(got) && std::isnan(largest))) << "seed " << seed << ": " << got << ", not " << largest;
    }
    if (after) {
      ASSERT_TRUE(engine->export_slot(3, &left).ok());
      for (size_t k = 0; k < state.size(); ++k) {
        if (seen[k]) ASSERT_EQ(std::memcmp(left->data + 8 * k, &state[k], 8), 0) << "seed " << seed << " lane " << k;
      }
    }
    if (HasFailure()) return;
  }
}

TEST(Tiles, ScansThatGoAlongTwoAxesOrBackwardsOrOutsideAreRefused) {
  std::vector<double> data(12, 1.0);
  const int64_t f64 = index_of(DType::kFloat64);
  const auto refusal = [&](const Words& scan, const Words& lanes, int64_t op = -2) {
    const auto engine = make_engine();
    EXPECT_TRUE(engine->import_slot(1, reinterpret_cast<std::byte*>(data.data()), 96, std::make_shared<int>(0)).ok());
    Batch batch;
    batch.slot(2, 96, 1, 0, true);
    batch.program(Words().put({1, 0, 0, 1, 1, 0, 2, f64, f64, 0}).put({op, f64, 1, 1, 1, 0, 1}));
    batch.task(0, 0, 1, Words().put({0, 0}).append(scan).put({1, 2, 3, 4, 1, 0, 4, 1, 2, 0, 4, 1}).append(lanes));
    const RunEvent end = run_words(*engine, batch.words());
    return end.state == RunState::kDone ? "done" : end.status.message;
  };
  const auto four = Words().put({4, 0}), down = Words().put({1, 0, 0, 1});
  EXPECT_EQ(refusal(four, down), "done");
  EXPECT_NE(refusal(four, Words().put({1, 0, 0, 0})).find("along one axis"), std::string::npos);
  EXPECT_NE(refusal(four, Words().put({1, 3, 0, -1})).find("none below 0"), std::string::npos);
  EXPECT_NE(refusal(Words().put({3, 0}), down).find("outside of the capacity"), std::string::npos);
  EXPECT_NE(refusal(Words().put({4, 1, 1, 9}), down).find("first sums of a scan"), std::string::npos);  // 4 from 9 on, of 12
  EXPECT_NE(refusal(Words().put({4, 2, 1, 0}), down).find("cannot be written"), std::string::npos);
  EXPECT_NE(refusal(four, down, -4).find("op"), std::string::npos);
}

TEST(Tiles, FoldsThatFillTheirStatesInOppositeDirectionsAreRefused) {
  const auto engine = make_engine();
  std::vector<double> data(10, 1.0);
  ASSERT_TRUE(engine->import_slot(1, reinterpret_cast<std::byte*>(data.data()), 80, std::make_shared<int>(0)).ok());
  const int64_t f64 = index_of(DType::kFloat64), sum = static_cast<int64_t>(Reducer::kSum);
  Batch batch;
  batch.slot(2, 80, 1, 0, true);
  batch.slot(3, 80, 1, 0, true);
  batch.program(Words().put({1, 0, 0, 0, 0, 2, 1, f64, 0}).put({sum, f64, 0, 1, 0}).put({sum, f64, 2, 1, 0}));
  batch.task(0, 0, 1, Words().put({0, 10, 10, 2, 0, 3, 0, 1, 1, 10, 1, 0, 1}).put({0, 1, 0, 0}).put({9, -1, 0, 0}));
  const RunEvent end = run_words(*engine, batch.words());
  EXPECT_EQ(end.state, RunState::kFailed);
  EXPECT_NE(end.status.message.find("another fold goes the other way"), std::string::npos) << end.status.message;
}

TEST(Tiles, AnIndexOutOfBoundsFailsTheRun) {
  for (const int64_t bad : {int64_t{-1}, int64_t{10}, INT64_MIN, INT64_MAX}) {
    const auto engine = make_engine();
    std::vector<double> data(10, 1.0);
    std::vector<int64_t> index = {1, 2, bad};
    ASSERT_TRUE(engine->import_slot(1, reinterpret_cast<std::byte*>(data.data()), 80, std::make_shared<int>(0)).ok());
    ASSERT_TRUE(engine->import_slot(2, reinterpret_cast<std::byte*>(index.data()), 24, std::make_shared<int>(0)).ok());
    Batch batch;
    batch.slot(3, 24, 1, 0, true);
    batch.program(Words().put({1, 0, 0, 0, 1, 0, 1}).put({index_of(DType::kFloat64), 1, 0}));
    batch.task(0, 0, 1, Words().put({0, 0, 1, 1, 3}).put({1, 0, 1, 2, 0, 0, 10}).put({3, 0, 1}));
    const RunEvent end = run_words(*engine, batch.words());
    EXPECT_EQ(end.state, RunState::kFailed);
    EXPECT_EQ(end.status.code, ErrorCode::kIndex) << end.status.message;
    EXPECT_EQ(end.task, 0);
    EXPECT_EQ(engine->stats().bytes_in_use, 0);
    EXPECT_EQ(engine->stats().slots, 2) << "the run's kept slot is gone";
  }
}

TEST(Tiles, ConstantsSurviveAProgramInBetween) {
  const auto engine = make_engine(1);
  std::vector<double> data(3000, 7.0);
  ASSERT_TRUE(engine->import_slot(1, reinterpret_cast<std::byte*>(data.data()), 24'000, std::make_shared<int>(0)).ok());
  Batch batch;
  const int64_t f64 = index_of(DType::kFloat64);
  const uint64_t bits = std::bit_cast<uint64_t>(2.5);  // twice, so that the other program needs no more memory
  batch.program(Words().put({0, 0, 2, 0, 1, 0, 2, f64, f64}).bits(bits).bits(0).bits(bits).bits(0).put({0}));
  batch.program(Words().put({1, 0, 0, 1, 1, 0, 2, f64, f64, 0}).put({static_cast<int64_t>(Op::negative), f64, 1, 1, 1, 0, 1}));
  for (const int64_t slot : {2, 3, 4}) batch.slot(slot, 8'000, 1, 0, true);
  batch.task(0, 0, 1, Words().put({0, 0, 1, 1, 1000, 2, 0, 1}));
  batch.task(0, 0, 1, Words().put({1, 0, 1, 1, 1000, 1, 0, 3, 3, 0, 1}));  // its register lies where the constant was
  batch.task(0, 0, 1, Words().put({0, 0, 1, 1, 1000, 4, 0, 1}));
  const RunEvent end = run_words(*engine, batch.words());
  ASSERT_EQ(end.state, RunState::kDone) << end.status.message;
  for (const auto& [id, expected] : {std::pair{2, 2.5}, {3, -7.0}, {4, 2.5}}) {
    std::shared_ptr<Slot> slot;
    ASSERT_TRUE(engine->export_slot(static_cast<uint64_t>(id), &slot).ok());
    const auto* values = reinterpret_cast<const double*>(slot->data);
    EXPECT_TRUE(std::all_of(values, values + 1000, [&](double v) { return v == expected; })) << id;
  }
}

TEST(Tiles, AResultDoesNotDependOnTheThreads) {
  std::vector<double> data(300'000);
  for (size_t i = 0; i < data.size(); ++i) data[i] = std::sin(static_cast<double>(i)) * 1e6;
  std::vector<uint64_t> results;
  for (const int threads : {1, 2, 5}) {
    const auto engine = make_engine(threads);
    ASSERT_TRUE(engine->import_slot(1, reinterpret_cast<std::byte*>(data.data()), 2'400'000, std::make_shared<int>(0)).ok());
    Batch batch;
    constexpr int64_t kParts = 30, kPart = 10'000;
    batch.slot(2, kParts * 8, kParts, 1);
    batch.slot(3, 8, 1, 0, true);
    const Words sum = Words().put({1, 0, 0, 0, 0, 1, 1, index_of(DType::kFloat64), 0});
    batch.program(Words(sum).put({0, index_of(DType::kFloat64), 0, 1, 0}));
    batch.program(Words(sum).put({0, index_of(DType::kFloat64), 1, 1, 0}));
    for (int64_t i = 0; i < kParts; ++i) {
      batch.task(0, 0, 1, Words().put({0, 1, 2, i, 1, 1, kPart}).put({1, i * kPart, 1}).put({0, 0, 0, 0}));
    }
    batch.task(0, 0, 1, Words().put({1, 1, 3, 0, 1, 1, kParts}).put({2, 0, 1}).put({0, 0, 0, 0}));
    const RunEvent end = run_words(*engine, batch.words());
    ASSERT_EQ(end.state, RunState::kDone) << end.status.message;
    EXPECT_EQ(end.done[0], kParts + 1);
    std::shared_ptr<Slot> slot;
    ASSERT_TRUE(engine->export_slot(3, &slot).ok());
    results.push_back(*reinterpret_cast<const uint64_t*>(slot->data));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

}  // namespace
