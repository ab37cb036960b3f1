#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/base/position.h"
#include "analyzer/evidence/rows.h"

// Between the parts of the privilege reader; nobody else includes this.
namespace assay::product {

enum class ManifestFormat : std::uint8_t {
  none,
  systemd,
  sudoers,
  script,  // shell, batch, PowerShell, RPM spec, NSIS, Inno Setup
  inf,
  xml,  // WiX, Windows and Android manifests, launchd
  kubernetes,
  compose,
  iam,
  extension,
  scopes,
};

ManifestFormat manifest_format(std::string_view path, std::string_view head);

// Writes privilege rows of one text.
class PrivilegeSink {
 public:
  PrivilegeSink(std::string_view text, evidence::Rows& rows) : lines_(text), rows_(rows) {}

  void found(Span at, std::string_view dimension, int level, std::string reason) {
    rows_.add(evidence::PrivilegeRow{.at = rows_.locate(at),
                                     .dimension = std::string(dimension),
                                     .level = level,
                                     .exposure = 1,
                                     .known_from = "manifest",
                                     .reason = std::move(reason)});
  }
  void found(std::size_t begin, std::size_t end, std::string_view dimension, int level, std::string reason) {
    found(lines_.span(begin, end), dimension, level, std::move(reason));
  }
  const LineIndex& lines() const { return lines_; }

 private:
  LineIndex lines_;
  evidence::Rows& rows_;
};

// A word that grants something, as one format writes it.
struct PrivilegeWord {
  std::string_view word;  // compared without regard to case
  std::string_view dimension;
  int level;
  std::string_view reason;
  std::string_view also = {};    // in lines: must stand on the same line too
  std::string_view unless = {};  // in lines: must not
};

std::span<const PrivilegeWord> script_words();
std::span<const PrivilegeWord> xml_words();
std::span<const PrivilegeWord> capability_words();  // Linux capabilities, without CAP_
std::span<const PrivilegeWord> iam_words();         // actions of AWS policies and roles of others; '*' matches anything
std::span<const PrivilegeWord> extension_words();   // permissions of browser extensions
std::span<const PrivilegeWord> scope_words();       // OAuth scopes

// Case-insensitive for ASCII.
bool same_word(std::string_view a, std::string_view b);
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

void read_systemd(std::string_view text, PrivilegeSink& sink);
void read_sudoers(std::string_view text, PrivilegeSink& sink);
void read_script(std::string_view text, PrivilegeSink& sink);
void read_inf(std::string_view text, PrivilegeSink& sink);
void read_xml(std::string_view text, PrivilegeSink& sink);
// YAML and JSON formats.
void read_tree(std::string_view text, ManifestFormat format, PrivilegeSink& sink, ReadOutcome& outcome);

}  // namespace assay::product
