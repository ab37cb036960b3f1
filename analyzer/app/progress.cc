#include "analyzer/app/progress.h"

#include <unistd.h>

#include <cstdio>

#include "reports/answers.h"

namespace assay::app {
namespace {

constexpr std::chrono::milliseconds before_the_first{500};
constexpr std::chrono::milliseconds between{100};

}  // namespace

Progress::Progress(std::size_t all, bool wanted)
    : all_(all),
      silent_(!wanted || isatty(STDERR_FILENO) == 0),
      next_(std::chrono::steady_clock::now() + before_the_first) {}

Progress::~Progress() {
  if (written_) std::fputs("\r\033[K", stderr);
}

void Progress::passed(std::size_t inputs) {
  if (silent_) return;
  const std::size_t done = done_ += inputs;
  const std::unique_lock lock(writing_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + between;
  written_ = true;
  std::fputs(reports::progress_text(done, all_, "inputs read").c_str(), stderr);
}

}  // namespace assay::app
