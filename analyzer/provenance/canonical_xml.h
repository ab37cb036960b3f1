#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <pugixml.hpp>

namespace assay::provenance {

// inclusive: Canonical XML 1.0 (W3C, 2001): every namespace in scope
// exclusive: Exclusive XML Canonicalization 1.0 (W3C, 2002): only the namespaces that are used, without a list of more
enum class XmlForm : unsigned char { inclusive, exclusive };

// How a tree is to be parsed so that its canonical form is that of the text: blanks kept, line ends and attribute
// values normalised. Comments are left out, as both forms without "WithComments" have it.
inline constexpr unsigned canonical_parsing = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_wconv_attribute |
                                              pugi::parse_eol | pugi::parse_ws_pcdata | pugi::parse_pi;

// The bytes of an element, or of the whole document with its processing instructions, in a canonical form; `without`
// and what is below it is left out. Nothing when they would be more than `most`, when elements nest deeper than
// limits::max_json_depth, when a prefix is not declared, or when an attribute in the namespace of XML itself stands
// above the element, which the forms treat differently.
std::optional<std::string> canonical_xml(pugi::xml_node apex, XmlForm form, pugi::xml_node without, std::size_t most);

}  // namespace assay::provenance
