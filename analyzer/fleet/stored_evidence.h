#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::fleet {

// Which evidence a store keeps: what a hunt asks for and what a rule may compare with (schema `past`).
struct StoredTable {
  std::string_view name;
  std::string condition;                    // of the rows kept; "" for all
  std::vector<std::string_view> indexed{};  // columns a hunt looks things up by
};
std::span<const StoredTable> stored_tables();

// Columns of one table, quoted and with commas, in the order of the evidence schema.
std::string columns_of(std::string_view table);
std::size_t column_count(std::string_view table);

// The statements that make the store's own tables, and those of the evidence.
std::string own_tables();
std::string evidence_tables();
std::string drop_evidence_tables();
// Changes when the stored tables or their columns do.
std::string evidence_schema_digest();

}  // namespace assay::fleet
