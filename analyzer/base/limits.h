#pragma once

#include <cstddef>
#include <cstdint>

// Every cap Assay has, in one place. Whatever hits one is reported by this name in the coverage of the input it hit.
// The caps protect the process from the input; they are generous enough that real inputs do not meet them.
namespace assay::limits {

inline constexpr std::size_t max_files = std::size_t{1} << 24;     // files in one subject
inline constexpr std::size_t max_directory_depth = 128;            // directories below the root
inline constexpr std::uint64_t max_text_bytes = 64ULL << 20;       // one file matched and read as text
inline constexpr std::uint64_t max_document_bytes = 512ULL << 20;  // one structured document (SBOM, lockfile, log)
inline constexpr std::uint64_t max_manifest_bytes =
    4ULL << 20;  // one file of settings that people write: unit, role, trigger
inline constexpr std::uint64_t max_archive_bytes =
    256ULL << 20;  // unpacked bytes of one top-level archive, nested ones included
inline constexpr std::uint64_t max_archive_member_bytes = 64ULL << 20;  // unpacked bytes of one member
inline constexpr std::size_t max_archive_members = 65'000;  // members of one top-level archive, nested ones included
inline constexpr std::size_t max_archive_depth = 4;         // archives inside archives
inline constexpr std::uint64_t max_archive_ratio = 400;     // unpacked to packed, once 16 MiB are unpacked
inline constexpr std::size_t max_yaml_depth = 100;          // nesting of one YAML document
inline constexpr std::size_t max_yaml_nodes = 1'000'000;    // nodes of one YAML stream, aliases not expanded
inline constexpr std::size_t max_json_depth = 200;          // nesting of one JSON document
inline constexpr std::size_t max_json_nodes = std::size_t{1} << 25;  // values and keys of one JSON document
inline constexpr std::size_t max_expression_bytes = 21'000;          // one ${{ }} expression (GitHub's own limit)
inline constexpr std::size_t max_expression_depth = 50;              // nesting of one expression (GitHub's own limit)
inline constexpr std::size_t max_rows_per_artifact = std::size_t{1} << 23;  // rows of one table from one artifact
inline constexpr std::size_t max_matches_per_file = 2'000;                  // signals from one file
inline constexpr std::size_t max_matches_per_line = 20;                     // signals of one pattern on one line
inline constexpr std::size_t max_line_bytes_shown = 400;                    // of one line kept for a report
inline constexpr std::size_t max_decode_layers = 6;                         // encodings peeled from one blob
inline constexpr std::size_t max_decode_bytes = std::size_t{4} << 20;       // bytes decoded for one file
inline constexpr std::size_t max_log_line_bytes = std::size_t{1} << 20;     // of one line of a build log that are read
inline constexpr std::size_t max_log_events = 500'000;                      // events of one build log
inline constexpr std::size_t max_commits = 200'000;                         // commits walked in one repository
inline constexpr std::uint64_t max_query_steps = 100'000'000;               // virtual-machine steps of one rule's query
inline constexpr std::size_t max_findings_per_rule = 5'000;                 // findings of one rule in one subject
inline constexpr std::size_t max_path_nodes = 200'000;                      // nodes of one attack graph
inline constexpr std::uint64_t max_rule_bytes = 64ULL << 10;                // one rule file
inline constexpr unsigned max_native_parse_seconds = 10;                    // one C or C++ file in the libclang worker
inline constexpr std::size_t max_native_answer_bytes = std::size_t{16} << 20;  // what that worker may say of one file
inline constexpr std::uint64_t max_native_parse_memory = 1ULL << 30;           // the libclang worker

}  // namespace assay::limits
