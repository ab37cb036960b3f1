#include "analyzer/intake/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "analyzer/base/limits.h"

namespace assay::intake {
namespace {

struct Closer {
  void operator()(struct archive* handle) const { archive_read_free(handle); }
};
using Handle = std::unique_ptr<struct archive, Closer>;

constexpr std::uint64_t ratio_matters_from = 16ULL << 20;

std::string message(struct archive* handle) {
  const char* text = archive_error_string(handle);
  return text == nullptr ? "libarchive failed" : text;
}

std::string without_last_suffix(std::string_view name) {
  name = name.substr(name.find_last_of('/') + 1);
  const std::size_t dot = name.find_last_of('.');
  return std::string(dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot));
}

enum class Read { whole, too_large, broken };

// The bytes of the current member, as far as the caps allow.
Read read_member(struct archive* handle, ArchiveBudget& budget, std::string& into, std::string& why) {
  into.clear();
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  while (true) {
    const int code = archive_read_data_block(handle, &block, &size, &offset);
    if (code == ARCHIVE_EOF) return Read::whole;
    if (code < ARCHIVE_WARN) {
      why = message(handle);
      return Read::broken;
    }
    if (offset < 0 || static_cast<std::uint64_t>(offset) + size > limits::max_archive_member_bytes) {
      why = fmt::format("larger than {} bytes (max_archive_member_bytes)", limits::max_archive_member_bytes);
      return Read::too_large;
    }
    budget.unpacked += size;
    const bool bomb = budget.unpacked > ratio_matters_from &&
                      budget.unpacked / std::max<std::uint64_t>(budget.packed, 1) > limits::max_archive_ratio;
    if (bomb || budget.unpacked > limits::max_archive_bytes) {
      why = bomb ? fmt::format("unpacks to more than {} times its size (max_archive_ratio)", limits::max_archive_ratio)
                 : fmt::format("unpacks to more than {} bytes (max_archive_bytes)", limits::max_archive_bytes);
      return Read::too_large;
    }
    into.resize(static_cast<std::size_t>(offset));  // sparse members: the hole is zeros
    into.append(static_cast<const char*>(block), size);
  }
}

}  // namespace

bool is_archive(std::string_view head) {
  using namespace std::string_view_literals;
  for (const std::string_view magic :
       {"PK\x03\x04"sv, "PK\x05\x06"sv, "\x1f\x8b"sv, "\x28\xb5\x2f\xfd"sv, "\xfd\x37\x7a\x58\x5a\x00"sv,
        "7z\xbc\xaf\x27\x1c"sv, "!<arch>\ndebian"sv, "070701"sv, "070702"sv}) {
    if (head.starts_with(magic)) return true;
  }
  if (head.size() > 10 && head.starts_with("BZh") && head.substr(4, 6) == "1AY&SY") return true;
  return head.size() > 262 && head.substr(257, 5) == "ustar";
}

ReadOutcome for_each_member(std::string_view bytes, std::string_view name, ArchiveBudget& budget,
                            const std::function<void(const std::string&, std::string_view)>& member) {
  ReadOutcome outcome;
  const Handle handle(archive_read_new());
  archive_read_support_filter_all(handle.get());
  archive_read_support_format_all(handle.get());
  archive_read_support_format_raw(handle.get());
  if (archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    outcome.not_at_all("cannot be opened as an archive: " + message(handle.get()));
    return outcome;
  }
  std::string content;
  std::size_t left_out = 0;
  while (true) {
    struct archive_entry* entry = nullptr;
    const int code = archive_read_next_header(handle.get(), &entry);
    if (code == ARCHIVE_EOF) break;
    if (code < ARCHIVE_WARN) {
      outcome.partly("broken after " + std::to_string(budget.members) + " members: " + message(handle.get()));
      break;
    }
    if (++budget.members > limits::max_archive_members) {
      outcome.partly(fmt::format("more than {} members (max_archive_members)", limits::max_archive_members));
      break;
    }
    const bool raw = archive_format(handle.get()) == ARCHIVE_FORMAT_RAW;
    const char* path = archive_entry_pathname(entry);
    std::string member_name = raw || path == nullptr ? without_last_suffix(name) : std::string(path);
    if (!raw && archive_entry_filetype(entry) != AE_IFREG) {
      if (archive_entry_filetype(entry) != AE_IFDIR && ++left_out <= 5)
        outcome.partly(member_name + ": not a regular file; links and devices are not followed");
      continue;
    }
    if (archive_entry_is_encrypted(entry) != 0) {
      outcome.partly(member_name + ": encrypted");
      continue;
    }
    std::string why;
    const Read read = read_member(handle.get(), budget, content, why);
    if (read != Read::whole) outcome.partly(fmt::format("{}: {}", member_name, why));
    if (read == Read::broken && content.empty()) break;
    member(member_name, content);
    if (budget.unpacked > limits::max_archive_bytes ||
        (read == Read::too_large && why.find("ratio") != std::string::npos))
      break;
  }
  if (left_out > 5) outcome.partly(fmt::format("{} links or devices in all were not followed", left_out));
  return outcome;
}

}  // namespace assay::intake
