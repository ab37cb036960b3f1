#include "analyzer/history/change_ledger.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace assay::history {
namespace {

constexpr std::string_view magic = "assay commit changes 1\n";
constexpr std::uint64_t max_ledger_bytes = std::uint64_t{256} << 20;  // inflated
constexpr std::size_t size_bytes = 8;

void put_number(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
  out += static_cast<char>(value);
}

void put_id(std::string& out, const git_oid& id) {
  out.append(reinterpret_cast<const char*>(id.id), GIT_OID_RAWSZ);
}

// Takes from the front of the bytes; nothing when they end too soon.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}
  bool at_end() const { return rest_.empty(); }

  std::optional<std::uint64_t> number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return std::nullopt;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return std::nullopt;
  }

  std::optional<std::string_view> text(std::uint64_t length) {
    if (rest_.size() < length) return std::nullopt;
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  std::optional<git_oid> id() {
    const auto raw = text(GIT_OID_RAWSZ);
    if (!raw) return std::nullopt;
    git_oid oid{};
    std::memcpy(oid.id, raw->data(), GIT_OID_RAWSZ);
    return oid;
  }

 private:
  std::string_view rest_;
};

std::optional<RelevantFile> take_file(Cursor& from) {
  const auto fate = from.number();
  const auto role = from.number();
  const auto size = from.number();
  const auto blob = from.id();
  const auto length = from.number();
  if (!fate || !role || !size || !blob || !length) return std::nullopt;
  const auto path = from.text(*length);
  if (!path || *fate > static_cast<std::uint64_t>(FileFate::renamed) ||
      *role > static_cast<std::uint64_t>(PathRole::maybe_test_binary))
    return std::nullopt;
  return RelevantFile{.path = std::string(*path),
                      .fate = static_cast<FileFate>(*fate),
                      .role = static_cast<PathRole>(*role),
                      .size = *size,
                      .blob = *blob};
}

std::optional<CommitChanges> take_changes(Cursor& from) {
  CommitChanges changes;
  const auto files = from.number();
  const auto relevant = from.number();
  if (!files || !relevant) return std::nullopt;
  changes.files = *files;
  for (std::uint64_t i = 0; i < *relevant; ++i) {
    std::optional<RelevantFile> file = take_file(from);
    if (!file) return std::nullopt;
    changes.relevant.push_back(std::move(*file));
  }
  return changes;
}

}  // namespace

const CommitChanges* ChangeLedger::find(const git_oid& commit) const {
  const auto found = changes_.find(commit);
  return found == changes_.end() ? nullptr : &found->second;
}

void ChangeLedger::keep(const git_oid& commit, CommitChanges changes) {
  changes_.insert_or_assign(commit, std::move(changes));
}

std::string ChangeLedger::bytes() const {
  std::vector<const git_oid*> ids;
  for (const auto& [id, changes] : changes_) ids.push_back(&id);
  std::sort(ids.begin(), ids.end(), [](const git_oid* a, const git_oid* b) { return git_oid_cmp(a, b) < 0; });
  std::string plain;
  for (const git_oid* id : ids) {
    const CommitChanges& changes = changes_.at(*id);
    put_id(plain, *id);
    put_number(plain, changes.files);
    put_number(plain, changes.relevant.size());
    for (const RelevantFile& file : changes.relevant) {
      put_number(plain, static_cast<std::uint64_t>(file.fate));
      put_number(plain, static_cast<std::uint64_t>(file.role));
      put_number(plain, file.size);
      put_id(plain, file.blob);
      put_number(plain, file.path.size());
      plain += file.path;
    }
  }
  if (plain.size() > max_ledger_bytes) return {};
  std::string out(magic);
  for (std::size_t i = 0; i < size_bytes; ++i) out += static_cast<char>((plain.size() >> (8 * i)) & 0xFFU);
  const std::size_t head = out.size();
  uLongf packed = compressBound(static_cast<uLong>(plain.size()));
  out.resize(head + packed);
  if (compress2(reinterpret_cast<Bytef*>(out.data() + head), &packed, reinterpret_cast<const Bytef*>(plain.data()),
                static_cast<uLong>(plain.size()), Z_BEST_SPEED) != Z_OK)
    return {};
  out.resize(head + packed);
  return out;
}

ChangeLedger ChangeLedger::from_bytes(std::string_view bytes) {
  ChangeLedger ledger;
  if (!bytes.starts_with(magic) || bytes.size() < magic.size() + size_bytes) return ledger;
  bytes.remove_prefix(magic.size());
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < size_bytes; ++i) size |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  bytes.remove_prefix(size_bytes);
  if (size > max_ledger_bytes) return ledger;
  std::string plain(size, '\0');
  auto inflated = static_cast<uLongf>(size);
  if (uncompress(reinterpret_cast<Bytef*>(plain.data()), &inflated, reinterpret_cast<const Bytef*>(bytes.data()),
                 static_cast<uLong>(bytes.size())) != Z_OK ||
      inflated != size)
    return ledger;
  Cursor from(plain);
  while (!from.at_end()) {
    const auto id = from.id();
    std::optional<CommitChanges> changes = id ? take_changes(from) : std::nullopt;
    if (!changes) return {};
    ledger.keep(*id, std::move(*changes));
  }
  return ledger;
}

}  // namespace assay::history
