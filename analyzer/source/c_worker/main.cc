// assay-c-facts: the facts of one C or C++ file, from libclang, for analyzer/source/c_family.h (which describes the
// answer). A process of its own: it gives up every right it does not need before it looks at the text, and can open no
// file at all.
#if defined(__SANITIZE_ADDRESS__)
#define ASSAY_ADDRESS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASSAY_ADDRESS_SANITIZED
#endif
#endif

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/limits.h"
#include "analyzer/source/c_worker/extract.h"
#include "analyzer/source/c_worker/prelude.h"

#ifdef ASSAY_ADDRESS_SANITIZED
// The leak check at exit opens files, which this process may not.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}
#endif

namespace {

using namespace assay;

constexpr std::size_t max_passes = 4;  // parses with more macros defined, the first one included

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

bool read_all(std::string& text) {
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = read(0, buffer.data(), buffer.size());
    if (got == 0) return true;
    if (got < 0 || text.size() > limits::max_text_bytes) return false;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

int main(int count, char** arguments) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CPU, limits::max_native_parse_seconds);
#ifndef ASSAY_ADDRESS_SANITIZED
  limit(RLIMIT_AS, limits::max_native_parse_memory);  // the sanitizer's shadow alone is larger
#endif
  limit(RLIMIT_NOFILE, 3);  // the three there are: nothing can be opened, whatever an #include says
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const bool cpp = count < 2 || !std::string_view(arguments[1]).ends_with(".c");
  std::string text(source::c_prelude(cpp));
  const std::size_t prelude = text.size();
  if (!read_all(text)) return 3;
  if (text.compare(prelude, 3, "\xEF\xBB\xBF") == 0) text.replace(prelude, 3, "   ");
  source::Extract extract(text, prelude, cpp);
  extract.note_telling_macros();
  std::vector<std::string> macros;
  for (std::size_t pass = 0; pass < max_passes; ++pass) {
    if (!extract.parse(macros)) return 4;
    std::string macro = extract.macro_of_skipped_code();
    if (macro.empty()) break;
    const std::string line = nlohmann::json{{"fact", "skipped"}, {"macro", macro}}.dump() + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    macros.push_back(std::move(macro));
  }
  if (extract.told_all()) std::fputs("{\"fact\":\"end\"}\n", stdout);
  return std::fflush(stdout) == 0 ? 0 : 5;
}
