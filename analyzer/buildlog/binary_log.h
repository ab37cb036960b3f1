#pragma once

#include <string_view>

#include "analyzer/buildlog/transcript.h"

namespace assay::buildlog {

// MSBuild's binary log after gzip, file format 18 and later (MSBuild 17.9; dotnet/msbuild, BinaryLogger.cs and
// BuildEventArgsReader.cs): version and smallest version of a reader as 32-bit numbers, then records of kind, length
// and content, numbers in groups of seven bits. Strings are records of their own which later records number from 10.
// Read are the strings, the messages, warnings and errors, the command lines of tasks, the beginning of targets and
// tasks, and which environment variables were read. Embedded project files are passed over.
//
// Earlier formats do not state the length of a record; they are named and not read. The log is no text: what it says
// stands in the file as a whole.
bool looks_like_binary_log(std::string_view head);
Transcript read_binary_log(std::string_view bytes);

}  // namespace assay::buildlog
