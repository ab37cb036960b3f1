#pragma once

#include <string>
#include <string_view>

namespace assay::source {

// One run of a program that turns text on standard input into text on standard output. Starts it with an empty
// environment, no other descriptors and standard error closed to us; kills it when `seconds` have passed or it wrote
// more than `max_output`. Never throws and raises no signal in the caller; may be called from many threads at once.
struct WorkerResult {
  std::string output{};
  std::string problem{};  // empty when the program ended by itself with status 0
};
WorkerResult run_worker(const std::string& program, const std::string& argument, std::string_view input,
                        unsigned seconds, std::size_t max_output);

}  // namespace assay::source
