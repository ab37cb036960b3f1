#pragma once

// Stands in for oneTBB in builds under ThreadSanitizer, which cannot see into the library that Debian built and so
// takes every hand-over of a task for a race. These few lines are compiled with the rest and use std::thread only: what
// ThreadSanitizer then says is about Assay. Only the parts that Assay uses, without work stealing or nested
// parallelism.
//
// parallel_for gives the calling thread and up to max_allowed_parallelism - 1 new threads one piece after the other. An
// exception ends the work and is thrown in the calling thread. Inside a piece, parallel_for runs on the thread it is
// on.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "tbb/blocked_range.h"
#include "tbb/global_control.h"

namespace tbb {
namespace stand_in {

inline thread_local bool inside = false;

template <class Piece>
void run_pieces(std::size_t pieces, const Piece& piece) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr thrown;
  std::mutex thrown_lock;
  const auto work = [&] {
    inside = true;
    for (std::size_t i = next++; i < pieces; i = next++) {
      try {
        piece(i);
      } catch (...) {
        const std::scoped_lock lock(thrown_lock);
        if (!thrown) thrown = std::current_exception();
        next = pieces;
      }
    }
    inside = false;
  };
  if (inside) {
    for (std::size_t i = 0; i < pieces; ++i) piece(i);
    return;
  }
  const std::size_t threads = std::min(pieces, global_control::active_value(global_control::max_allowed_parallelism));
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace stand_in

template <class Value, class Body>
void parallel_for(const blocked_range<Value>& range, const Body& body) {
  const auto size = static_cast<std::size_t>(range.end() - range.begin());
  const std::size_t grain = std::max<std::size_t>(range.grainsize(), 1);
  stand_in::run_pieces((size + grain - 1) / grain, [&](std::size_t i) {
    const Value begin = range.begin() + static_cast<Value>(i * grain);
    body(blocked_range<Value>(begin, begin + static_cast<Value>(std::min(grain, size - i * grain)), range.grainsize()));
  });
}

template <class Index, class Body>
void parallel_for(Index first, Index last, const Body& body) {
  if (!(first < last)) return;
  stand_in::run_pieces(static_cast<std::size_t>(last - first),
                       [&](std::size_t i) { body(first + static_cast<Index>(i)); });
}

}  // namespace tbb
