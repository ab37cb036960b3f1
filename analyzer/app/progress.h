#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>

namespace assay::app {

// How far a long reading is, as one line on standard error that rewrites itself; only on a terminal, not before half a
// second has passed, and gone when the object goes. Any thread may report; none waits for another.
class Progress {
 public:
  // `wanted` false: stays silent.
  Progress(std::size_t all, bool wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void passed(std::size_t inputs);

 private:
  std::size_t all_;
  bool silent_;
  std::atomic<std::size_t> done_{0};
  std::mutex writing_;
  std::chrono::steady_clock::time_point next_;
  bool written_ = false;
};

}  // namespace assay::app
