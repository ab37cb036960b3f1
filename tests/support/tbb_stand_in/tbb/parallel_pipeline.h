#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "tbb/global_control.h"
#include "tbb/parallel_for.h"

// See parallel_for.h. The one shape that Assay uses: a source in order, a parallel middle, a sink in order.
namespace tbb {

enum class filter_mode { parallel, serial_in_order, serial_out_of_order };

class flow_control {
 public:
  void stop() { stopped_ = true; }
  bool is_stopped() const { return stopped_; }

 private:
  bool stopped_ = false;
};

template <class In, class Out>
struct filter {
  std::function<Out(In)> work;
};

template <class Out>
struct filter<void, Out> {
  std::function<Out(flow_control&)> work;
};

template <class In, class Out, class Work>
filter<In, Out> make_filter(filter_mode /*mode*/, const Work& work) {
  return {work};
}

namespace stand_in {

template <class In, class Out>
struct Fed {
  filter<void, In> source;
  filter<In, Out> middle;
};

template <class In, class Out>
struct Line {
  Fed<In, Out> fed;
  filter<Out, void> sink;
};

template <class In, class Out>
class Running {
 public:
  explicit Running(const Line<In, Out>& line) : line_(line) {}

  void work() {
    inside = true;
    try {
      while (step()) continue;
    } catch (...) {
      const std::scoped_lock lock(lock_);
      if (!thrown_) thrown_ = std::current_exception();
      flow_.stop();
      turn_changed_.notify_all();
    }
    inside = false;
  }

  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  bool step() {
    std::unique_lock lock(lock_);
    if (flow_.is_stopped()) return false;
    In in = line_.fed.source.work(flow_);
    if (flow_.is_stopped()) return false;
    const std::size_t mine = given_++;
    lock.unlock();
    Out out = line_.fed.middle.work(std::move(in));
    lock.lock();
    turn_changed_.wait(lock, [&] { return taken_ == mine || thrown_ != nullptr; });
    if (thrown_) return false;
    line_.sink.work(std::move(out));
    ++taken_;
    turn_changed_.notify_all();
    return true;
  }

  const Line<In, Out>& line_;
  std::mutex lock_;
  std::condition_variable turn_changed_;
  flow_control flow_;
  std::exception_ptr thrown_;
  std::size_t given_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace stand_in

template <class In, class Out>
stand_in::Fed<In, Out> operator&(const filter<void, In>& source, const filter<In, Out>& middle) {
  return {source, middle};
}

template <class In, class Out>
stand_in::Line<In, Out> operator&(const stand_in::Fed<In, Out>& fed, const filter<Out, void>& sink) {
  return {fed, sink};
}

template <class In, class Out>
void parallel_pipeline(std::size_t /*most_under_way*/, const stand_in::Line<In, Out>& line) {
  stand_in::Running<In, Out> running(line);
  std::vector<std::thread> others;
  if (!stand_in::inside) {
    const std::size_t threads = global_control::active_value(global_control::max_allowed_parallelism);
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back([&] { running.work(); });
  }
  const bool nested = stand_in::inside;
  running.work();
  stand_in::inside = nested;
  for (std::thread& other : others) other.join();
  running.rethrow();
}

}  // namespace tbb
