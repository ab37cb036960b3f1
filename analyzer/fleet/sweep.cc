#include "analyzer/fleet/sweep.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "analyzer/base/digest.h"
#include "analyzer/fleet/subject_state.h"

namespace assay::fleet {
namespace {

struct Task {
  const FleetSubject* subject = nullptr;
  const StoredSubject* stored = nullptr;
};

struct Outcome {
  Task task;
  std::string state;
  bool unchanged = false;
  Result<SubjectResult> result = SubjectResult{};
};

// Workers put outcomes in, the writer takes them out. Bounded, so that a slow disk holds the workers back instead of
// filling memory.
class Outcomes {
 public:
  Outcomes(std::size_t capacity, unsigned workers) : capacity_(capacity), workers_(workers) {}

  void put(Outcome outcome) {
    std::unique_lock lock(mutex_);
    space_.wait(lock, [&] { return waiting_.size() < capacity_ || abandoned_; });
    if (abandoned_) return;
    waiting_.push_back(std::move(outcome));
    ready_.notify_one();
  }
  void worker_done() {
    const std::lock_guard lock(mutex_);
    --workers_;
    ready_.notify_one();
  }
  // Nothing when all workers are done and all outcomes taken.
  std::optional<Outcome> take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return !waiting_.empty() || workers_ == 0; });
    if (waiting_.empty()) return std::nullopt;
    std::optional<Outcome> out(std::move(waiting_.front()));
    waiting_.pop_front();
    space_.notify_one();
    return out;
  }
  void abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    waiting_.clear();
    space_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable space_;
  std::deque<Outcome> waiting_;
  std::size_t capacity_;
  unsigned workers_;
  bool abandoned_ = false;
};

Outcome work(const Task& task, const SubjectKey& rules, bool examine_all,
             const std::function<Result<SubjectResult>(const FleetSubject&)>& examine) {
  Outcome out{.task = task, .state = {}};
  Result<std::string> state = state_of(*task.subject);
  if (!state) {
    out.result = tl::unexpected<Error>(std::move(state).error());
    return out;
  }
  out.state = std::move(*state);
  SubjectKey key = rules;
  key.state = out.state;
  out.unchanged = !examine_all && task.stored->examined_run > 0 && task.stored->key == key;
  if (!out.unchanged) out.result = examine(*task.subject);
  return out;
}

}  // namespace

Result<SweepSummary> sweep(const Fleet& fleet, Store& store, const SweepOptions& options,
                           const std::function<Result<SubjectResult>(const FleetSubject&)>& examine) {
  const SubjectKey rules{
      .state = {}, .rules = options.rules_digest, .known = options.known_digest, .engine = options.engine};
  SweepSummary summary;
  std::vector<std::string> names;
  for (const FleetSubject& subject : fleet.subjects) names.push_back(subject.name);
  ASSAY_CHECK(store.list_subjects(names));
  ASSAY_TRY(summary.run, store.begin_run(rules, options.started, summary.resumed));
  using Subjects = std::map<std::string, StoredSubject>;
  ASSAY_TRY(const Subjects stored, store.subjects());

  std::vector<Task> tasks;
  for (const FleetSubject& subject : fleet.subjects) {
    if (options.shards > 1 && digest::stable_hash(subject.name) % options.shards != options.shard) continue;
    const StoredSubject& known = stored.at(subject.name);
    if (summary.resumed && known.seen_run == summary.run) {
      ++summary.done_before;
    } else {
      tasks.push_back({&subject, &known});
    }
  }

  const unsigned threads =
      std::max(1U, std::min(options.threads, static_cast<unsigned>(std::max<std::size_t>(tasks.size(), 1))));
  Outcomes outcomes(threads, threads);
  std::atomic<std::size_t> next{0};
  const auto stopped = [&] { return options.stop != nullptr && options.stop->load(); };
  std::atomic<bool> broken{false};
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      while (!stopped() && !broken) {
        const std::size_t at = next.fetch_add(1);
        if (at >= tasks.size()) break;
        outcomes.put(work(tasks[at], rules, options.examine_all, examine));
      }
      outcomes.worker_done();
    });
  }

  Result<void> written;
  std::size_t done = 0;
  while (written) {
    std::optional<Outcome> outcome = outcomes.take();
    if (!outcome) break;
    const StoredSubject& known = *outcome->task.stored;
    if (!outcome->result) {
      summary.failed.push_back({known.name, outcome->result.error().text()});
      written = store.record_failure(summary.run, known, outcome->result.error());
    } else if (outcome->unchanged) {
      ++summary.unchanged;
      written = store.confirm(summary.run, known);
    } else {
      SubjectKey key = rules;
      key.state = outcome->state;
      const Result<Store::Change> change = store.replace(summary.run, known, key, *outcome->result);
      if (change) {
        ++summary.examined;
        summary.fresh += change->fresh;
        summary.known += change->known;
        summary.gone += change->gone;
      } else {
        written = tl::unexpected<Error>(change.error());
      }
    }
    ++done;
    if (options.progress) options.progress(done, tasks.size(), known.name);
  }
  broken = !written;
  if (broken) outcomes.abandon();
  for (std::thread& worker : workers) worker.join();
  if (!written) return tl::unexpected<Error>(written.error());
  std::sort(summary.failed.begin(), summary.failed.end(),
            [](const FailedSubject& a, const FailedSubject& b) { return a.name < b.name; });
  summary.finished = done == tasks.size();
  if (summary.finished) ASSAY_CHECK(store.finish_run(summary.run));
  return summary;
}

}  // namespace assay::fleet
