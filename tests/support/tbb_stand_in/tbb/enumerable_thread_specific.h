#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

// See parallel_for.h. A value a thread, made when the thread first asks; iteration is for the thread that joined the
// others.
namespace tbb {

template <class Value>
class enumerable_thread_specific {
  using Values = std::map<std::thread::id, std::unique_ptr<Value>>;

 public:
  enumerable_thread_specific() : make_([] { return std::make_unique<Value>(); }) {}
  template <class Make, class = decltype(Value(std::declval<Make>()()))>
  explicit enumerable_thread_specific(Make make)
      : make_([make] { return std::unique_ptr<Value>(new Value(make())); }) {}

  Value& local() {
    const std::scoped_lock lock(lock_);
    std::unique_ptr<Value>& value = values_[std::this_thread::get_id()];
    if (value == nullptr) value = make_();
    return *value;
  }

  class iterator {
   public:
    explicit iterator(typename Values::iterator at) : at_(at) {}
    Value& operator*() const { return *at_->second; }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const iterator& other) const { return at_ != other.at_; }

   private:
    typename Values::iterator at_;
  };
  iterator begin() { return iterator(values_.begin()); }
  iterator end() { return iterator(values_.end()); }

 private:
  std::function<std::unique_ptr<Value>()> make_;
  std::mutex lock_;
  Values values_;
};

}  // namespace tbb
