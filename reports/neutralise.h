#pragma once

#include <string>
#include <string_view>

// A report quotes what an attacker wrote. Each function makes any bytes harmless in one medium and keeps them readable:
// what cannot be seen is shown as an escape such as ‹U+202E›, an ill-formed byte as ‹xFF›. All are total.
namespace assay::reports {

// Control (C0, C1), direction-changing, zero-width and otherwise invisible characters, private use and tag characters.
bool is_hidden(char32_t code_point);

// How one code point is shown to a person: itself, or an escape. `byte` is what to show for utf8::invalid. Without
// unicode, everything outside ASCII is escaped and the brackets are < and >.
void append_visible(std::string& out, char32_t code_point, unsigned char byte, bool unicode);
// The text on one line with nothing hidden.
std::string visible(std::string_view text, bool unicode = true);

// For a log that a CI runner reads. Breaks what runners obey: `::` at the start of a line (GitHub) and `##[`,
// `##vso[`, `##teamcity[` anywhere (GitHub, Azure, TeamCity). Applied to the whole output.
std::string ci_log(std::string_view output);

std::string html_text(std::string_view text);      // element content and quoted attribute values
std::string markdown_text(std::string_view text);  // no markup, no HTML, no mention, no reference, no automatic link
std::string markdown_code(std::string_view text);  // as a code span; safe inside a table
std::string xml_text(std::string_view text);       // XML 1.0 content and attribute values
std::string csv_cell(std::string_view text);       // quoted; never a formula
// A relative URI reference for a path (RFC 3986 section 4.2): bytes outside the unreserved set are percent-encoded, '/'
// and '!' stay. Leading slashes go, a leading "." or ".." segment stays. "" becomes ".".
std::string uri_path(std::string_view path);
// For message texts of SARIF, where [text](target) would be a link.
std::string sarif_message(std::string_view text);

}  // namespace assay::reports
