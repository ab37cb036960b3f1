#include "analyzer/history/object_store.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "analyzer/base/limits.h"
#include "analyzer/intake/libgit2.h"

namespace assay::history {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t max_reference_file = 4096;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Regular files only: a pipe or device in a hostile repository must not block us.
std::optional<std::string> read_small(const fs::path& path, std::uint64_t limit) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (error || !fs::is_regular_file(status)) return std::nullopt;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error || size > limit) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

bool parse_id(std::string_view text, git_oid& out) {
  return text.size() == GIT_OID_HEXSZ && git_oid_fromstrn(&out, text.data(), text.size()) == 0;
}

template <class Line>
void each_line(std::string_view text, Line&& line) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool looks_like_git_dir(const fs::path& path) {
  std::error_code error;
  return fs::exists(path / "HEAD", error) &&
         (fs::is_directory(path / "objects", error) || fs::exists(path / "commondir", error));
}

std::string absolute_from(const fs::path& base, std::string_view text) {
  const fs::path path(text);
  return (path.is_absolute() ? path : base / path).lexically_normal().string();
}

class ReferenceReader {
 public:
  void packed(std::string_view text) {
    each_line(text, [&](std::string_view line) {
      if (line.empty() || line[0] == '#' || line[0] == '^') return;
      const std::size_t space = line.find(' ');
      if (space != std::string_view::npos) put(std::string(trimmed(line.substr(space + 1))), line.substr(0, space));
    });
  }

  void loose(const fs::path& directory, const std::string& prefix, std::size_t depth) {
    if (depth > limits::max_directory_depth) return;
    std::error_code error;
    for (fs::directory_iterator it(directory, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end; it.increment(error)) {
      const std::string name = prefix + it->path().filename().string();
      std::error_code ignored;
      const fs::file_status status = it->symlink_status(ignored);
      if (fs::is_directory(status)) {
        loose(it->path(), name + "/", depth + 1);
      } else if (fs::is_regular_file(status)) {
        const auto text = read_small(it->path(), max_reference_file);
        put(name, text ? trimmed(*text) : std::string_view{});
      }
    }
  }

  std::optional<git_oid> resolve(std::string name) const {
    for (int hops = 0; hops < 5; ++hops) {
      if (const auto found = found_.find(name); found != found_.end()) return found->second;
      const auto symbolic = symbolic_.find(name);
      if (symbolic == symbolic_.end()) return std::nullopt;
      name = symbolic->second;
    }
    return std::nullopt;
  }

  References finish() {
    References out;
    out.unreadable = unreadable_;
    for (const auto& [name, target] : found_) out.all.push_back({name, target});
    return out;
  }

 private:
  void put(const std::string& name, std::string_view value) {
    git_oid oid{};
    if (parse_id(value, oid)) {
      found_[name] = oid;
      symbolic_.erase(name);
    } else if (value.starts_with("ref: ")) {
      symbolic_[name] = std::string(trimmed(value.substr(5)));
      found_.erase(name);
    } else {
      ++unreadable_;
    }
  }

  std::map<std::string, git_oid> found_;
  std::map<std::string, std::string> symbolic_;
  std::size_t unreadable_ = 0;
};

}  // namespace

std::size_t ObjectIdHash::operator()(const git_oid& oid) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, oid.id, sizeof value);
  return value;
}

std::string hex(const git_oid& oid) {
  std::string out(GIT_OID_HEXSZ, '\0');
  git_oid_fmt(out.data(), &oid);
  return out;
}

Result<Layout> find_layout(const std::string& path) {
  std::error_code error;
  const fs::path root(path);
  Layout layout;
  if (const fs::path inside = root / ".git"; fs::is_directory(inside, error)) {
    layout.git_dir = inside.string();
  } else if (fs::is_regular_file(inside, error)) {
    const auto text = read_small(inside, max_reference_file);
    const std::string_view line = text ? trimmed(*text) : std::string_view{};
    if (!line.starts_with("gitdir:"))
      return fail(ErrorCode::syntax, "the file .git does not say where the repository is", path);
    layout.git_dir = absolute_from(root, trimmed(line.substr(7)));
  } else if (looks_like_git_dir(root)) {
    layout.git_dir = root.string();
    layout.bare = root.filename() != ".git";
  }
  if (layout.git_dir.empty() || !looks_like_git_dir(layout.git_dir))
    return fail(ErrorCode::io, "not a git repository", path);
  layout.common_dir = layout.git_dir;
  if (const auto common = read_small(fs::path(layout.git_dir) / "commondir", max_reference_file)) {
    layout.common_dir = absolute_from(layout.git_dir, trimmed(*common));
  }
  return layout;
}

ConfigurationFacts read_configuration(std::string_view text) {
  ConfigurationFacts facts{.origin = {}, .object_format = "sha1", .ref_storage = "files", .partial = false};
  std::string section;
  each_line(text, [&](std::string_view raw) {
    std::string_view line = trimmed(raw);
    if (line.empty() || line[0] == '#' || line[0] == ';') return;
    if (line[0] == '[') {
      const std::size_t end = line.find(']');
      if (end == std::string_view::npos) return;
      const std::string_view inside = line.substr(1, end - 1);
      const std::size_t quote = inside.find('"');
      section = lower(trimmed(inside.substr(0, quote)));
      if (quote != std::string_view::npos) {
        section += '.';
        section += inside.substr(quote + 1, inside.rfind('"') - quote - 1);
      }
      line = trimmed(line.substr(end + 1));
    }
    const std::size_t equals = line.find('=');
    const std::string key = lower(trimmed(line.substr(0, equals)));
    std::string_view value = equals == std::string_view::npos ? "true" : trimmed(line.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (section == "remote.origin" && key == "url" && facts.origin.empty()) facts.origin = without_credentials(value);
    if (section == "extensions" && key == "objectformat") facts.object_format = lower(value);
    if (section == "extensions" && key == "refstorage") facts.ref_storage = lower(value);
    if (section == "extensions" && key == "partialclone") facts.partial = true;
    if (section.starts_with("remote.") && key == "promisor" && lower(value) == "true") facts.partial = true;
  });
  return facts;
}

std::string without_credentials(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    // git@host:path: a login name every user of the host shares is no credential; user:secret@host:path is one.
    const std::size_t at = url.find('@');
    const bool secret = at != std::string_view::npos && url.substr(0, at).find(':') != std::string_view::npos;
    const std::string_view shown = secret ? url.substr(at + 1) : url;
    return std::string(shown.substr(0, shown.find('?')));
  }
  const std::size_t begin = scheme + 3;
  const std::size_t path = std::min(url.find_first_of("/?#", begin), url.size());
  const std::size_t at = url.substr(0, path).rfind('@');
  std::string out(url.substr(0, begin));
  out += url.substr(at == std::string_view::npos || at < begin ? begin : at + 1);
  return out.substr(0, out.find_first_of("?#"));
}

References read_references(const Layout& layout) {
  ReferenceReader reader;
  const fs::path common(layout.common_dir);
  if (const auto packed = read_small(common / "packed-refs", limits::max_document_bytes)) reader.packed(*packed);
  reader.loose(common / "refs", "refs/", 0);
  References out = reader.finish();
  const auto head = read_small(fs::path(layout.git_dir) / "HEAD", max_reference_file);
  const std::string_view line = head ? trimmed(*head) : std::string_view{};
  git_oid oid{};
  if (line.starts_with("ref: ")) {
    out.head_branch = std::string(trimmed(line.substr(5)));
    out.head = reader.resolve(out.head_branch);
  } else if (parse_id(line, oid)) {
    out.head = oid;
  }
  return out;
}

ObjectIdSet read_shallow(const Layout& layout) {
  ObjectIdSet out;
  if (const auto text = read_small(fs::path(layout.common_dir) / "shallow", limits::max_text_bytes)) {
    each_line(*text, [&](std::string_view line) {
      git_oid oid{};
      if (parse_id(trimmed(line), oid)) out.insert(oid);
    });
  }
  return out;
}

Result<ObjectStore> ObjectStore::open(const Layout& layout) {
  intake::start_libgit2();
  git_odb* odb = nullptr;
  const std::string objects = (fs::path(layout.common_dir) / "objects").string();
  if (git_odb_open(&odb, objects.c_str()) != 0) {
    const git_error* error = git_error_last();
    return fail(ErrorCode::io, error != nullptr ? error->message : "the object database cannot be opened", objects);
  }
  return ObjectStore(odb);
}

ObjectStore::~ObjectStore() {
  git_odb_free(odb_);
}

tl::expected<Object, Missing> ObjectStore::read(const git_oid& oid) const {
  // Without this, libgit2 looks at the disk again for every object a shallow or partial clone lacks.
  if (git_odb_exists_ext(odb_, &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 0) return tl::unexpected(Missing::absent);
  std::size_t length = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&length, &type, odb_, &oid) != 0) return tl::unexpected(Missing::corrupt);
  if (length > limits::max_text_bytes) return tl::unexpected(Missing::too_large);
  git_odb_object* object = nullptr;
  if (git_odb_read(&object, odb_, &oid) != 0) return tl::unexpected(Missing::corrupt);
  Object out{.type = git_odb_object_type(object), .bytes = {}};
  out.bytes.assign(static_cast<const char*>(git_odb_object_data(object)), git_odb_object_size(object));
  git_odb_object_free(object);
  return out;
}

std::optional<std::uint64_t> ObjectStore::size(const git_oid& oid) const {
  std::size_t length = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_exists_ext(odb_, &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 0 ||
      git_odb_read_header(&length, &type, odb_, &oid) != 0) {
    return std::nullopt;
  }
  return length;
}

}  // namespace assay::history
