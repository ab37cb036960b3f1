#pragma once

#include <atomic>
#include <cstddef>

#include "tbb/info.h"

// See parallel_for.h. One control at a time; the innermost wins.
namespace tbb {

class global_control {
 public:
  enum parameter { max_allowed_parallelism };
  global_control(parameter /*which*/, std::size_t value) : before_(slot().exchange(value)) {}
  ~global_control() { slot().store(before_); }
  global_control(const global_control&) = delete;
  global_control& operator=(const global_control&) = delete;
  static std::size_t active_value(parameter /*which*/) {
    const std::size_t value = slot().load();
    return value != 0 ? value : static_cast<std::size_t>(info::default_concurrency());
  }

 private:
  static std::atomic<std::size_t>& slot() {
    static std::atomic<std::size_t> value{0};
    return value;
  }
  std::size_t before_;
};

}  // namespace tbb
