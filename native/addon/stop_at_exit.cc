#include "addon/stop_at_exit.h"

#include <cstdlib>
#include <mutex>
#include <vector>

namespace ndl::addon {
namespace {

struct Engines {
  std::mutex mutex;
  std::vector<std::weak_ptr<Engine>> list;
};

// Never freed: it is read when the process ends.
Engines& engines() {
  static auto* const all = new Engines;
  return *all;
}

void stop_all() {
  const std::lock_guard lock(engines().mutex);
  for (const auto& one : engines().list) {
    const std::shared_ptr<Engine> engine = one.lock();
    if (engine == nullptr) continue;
    engine->close();
    engine->wait_idle();
  }
}

}  // namespace

void stop_at_exit(const std::shared_ptr<Engine>& engine) {
  [[maybe_unused]] static const int registered = std::atexit(stop_all);
  const std::lock_guard lock(engines().mutex);
  std::erase_if(engines().list, [](const auto& one) { return one.expired(); });
  engines().list.push_back(engine);
}

}  // namespace ndl::addon
