#pragma once

#include <algorithm>
#include <thread>

// See parallel_for.h.
namespace tbb::info {

// At least four, so that a small machine still has threads that can race.
inline int default_concurrency() {
  return static_cast<int>(std::max(4U, std::thread::hardware_concurrency()));
}

}  // namespace tbb::info
