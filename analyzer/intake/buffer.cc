#include <cstring>

#include "analyzer/intake/tree.h"

namespace assay::intake {

char* Buffer::prepare(std::size_t size) {
  if (size + padding > capacity_) {
    capacity_ = size + size / 2 + padding;
    bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  shrink(size);
  return bytes_.get();
}

void Buffer::shrink(std::size_t size) {
  size_ = size;
  std::memset(bytes_.get() + size, 0, padding);
}

void Buffer::assign(std::string_view bytes) {
  char* to = prepare(bytes.size());
  if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
}

Result<std::uint64_t> Tree::read(const Entry& entry, std::uint64_t most, const LongLines& /*lines*/,
                                 Buffer& into) const {
  ASSAY_CHECK(read(entry, most, into));
  return into.view().size();
}

namespace {

class MemoryTree : public Tree {
 public:
  using Tree::read;
  explicit MemoryTree(std::vector<std::pair<std::string, std::string>> files) : files_(std::move(files)) {
    std::sort(files_.begin(), files_.end());
    for (const auto& [path, bytes] : files_)
      entries_.push_back({.path = path, .type = EntryType::file, .reason = {}, .blob = {}, .size = bytes.size()});
  }
  Result<void> read(const Entry& entry, std::uint64_t most, Buffer& into) const override {
    const auto index = static_cast<std::size_t>(&entry - entries_.data());
    const std::string& bytes = files_[index].second;
    if (bytes.size() > most) return fail(ErrorCode::limit, fmt::format("larger than {} bytes", most), entry.path);
    into.assign(bytes);
    return {};
  }

 private:
  std::vector<std::pair<std::string, std::string>> files_;
};

}  // namespace

std::unique_ptr<Tree> in_memory(std::vector<std::pair<std::string, std::string>> files) {
  return std::make_unique<MemoryTree>(std::move(files));
}

}  // namespace assay::intake
