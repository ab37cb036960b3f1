#include "analyzer/source/c_capability.h"

#include <algorithm>
#include <array>

namespace assay::source {
namespace {

struct Known {
  std::string_view name;
  std::string_view capability;
  std::size_t argument = std::string_view::npos;
};

constexpr auto none = std::string_view::npos;

// Sorted by name.
constexpr std::array known{
    Known{"CreateProcessA", "process", 0},
    Known{"CreateProcessW", "process", 0},
    Known{"CreateRemoteThread", "memory-protection", none},
    Known{"GetModuleHandleA", "dynamic-loading", 0},
    Known{"GetProcAddress", "dynamic-loading", 1},
    Known{"InternetOpenA", "network", none},
    Known{"InternetOpenUrlA", "network", 1},
    Known{"InternetOpenUrlW", "network", 1},
    Known{"LoadLibraryA", "dynamic-loading", 0},
    Known{"LoadLibraryExA", "dynamic-loading", 0},
    Known{"LoadLibraryExW", "dynamic-loading", 0},
    Known{"LoadLibraryW", "dynamic-loading", 0},
    Known{"ShellExecuteA", "process", 2},
    Known{"ShellExecuteW", "process", 2},
    Known{"URLDownloadToFileA", "network", 1},
    Known{"VirtualAlloc", "memory-protection", none},
    Known{"VirtualAllocEx", "memory-protection", none},
    Known{"VirtualProtect", "memory-protection", none},
    Known{"VirtualProtectEx", "memory-protection", none},
    Known{"WSAStartup", "network", none},
    Known{"WinExec", "process", 0},
    Known{"WinHttpOpen", "network", none},
    Known{"WriteProcessMemory", "memory-protection", none},
    Known{"_popen", "process", 0},
    Known{"_wpopen", "process", 0},
    Known{"accept", "network", none},
    Known{"accept4", "network", none},
    Known{"bind", "network", none},
    Known{"clearenv", "environment", none},
    Known{"connect", "network", none},
    Known{"curl_easy_init", "network", none},
    Known{"curl_easy_perform", "network", none},
    Known{"dl_iterate_phdr", "dynamic-loading", none},
    Known{"dlmopen", "dynamic-loading", 1},
    Known{"dlopen", "dynamic-loading", 0},
    Known{"dlsym", "dynamic-loading", 1},
    Known{"dlvsym", "dynamic-loading", 1},
    Known{"execl", "process", 0},
    Known{"execle", "process", 0},
    Known{"execlp", "process", 0},
    Known{"execv", "process", 0},
    Known{"execve", "process", 0},
    Known{"execveat", "process", 1},
    Known{"execvp", "process", 0},
    Known{"execvpe", "process", 0},
    Known{"fexecve", "process", none},
    Known{"fopen", "file", 0},
    Known{"fopen64", "file", 0},
    Known{"fork", "process", none},
    Known{"getaddrinfo", "network", 0},
    Known{"getenv", "environment", 0},
    Known{"gethostbyname", "network", 0},
    Known{"listen", "network", none},
    Known{"memfd_create", "memory-protection", none},
    Known{"mprotect", "memory-protection", none},
    Known{"open", "file", 0},
    Known{"open64", "file", 0},
    Known{"openat", "file", 1},
    Known{"pkey_mprotect", "memory-protection", none},
    Known{"popen", "process", 0},
    Known{"posix_spawn", "process", 1},
    Known{"posix_spawnp", "process", 1},
    Known{"process_vm_readv", "memory-protection", none},
    Known{"process_vm_writev", "memory-protection", none},
    Known{"ptrace", "memory-protection", none},
    Known{"putenv", "environment", 0},
    Known{"secure_getenv", "environment", 0},
    Known{"sendto", "network", none},
    Known{"setenv", "environment", 0},
    Known{"socket", "network", none},
    Known{"system", "process", 0},
    Known{"unlink", "file", 0},
    Known{"vfork", "process", none},
};

static_assert(std::is_sorted(known.begin(), known.end(),
                             [](const Known& a, const Known& b) { return a.name < b.name; }));

const Known* find(std::string_view name) {
  if (name.starts_with("__builtin_")) name.remove_prefix(10);
  const auto* const at = std::lower_bound(known.begin(), known.end(), name,
                                          [](const Known& one, std::string_view key) { return one.name < key; });
  return at != known.end() && at->name == name ? at : nullptr;
}

}  // namespace

std::string_view capability_of(std::string_view function) {
  const Known* const one = find(function);
  return one != nullptr ? one->capability : std::string_view();
}

std::size_t deciding_argument(std::string_view function) {
  const Known* const one = find(function);
  return one != nullptr ? one->argument : none;
}

}  // namespace assay::source
