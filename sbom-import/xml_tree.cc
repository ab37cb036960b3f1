#include "sbom-import/xml_tree.h"

#include <algorithm>
#include <cstring>

namespace assay::sbom {

XmlTree::XmlTree(std::string_view text) : grid_(text), size_(text.size()), buffer_(new char[text.size() + 1]) {
  std::memcpy(buffer_.get(), text.data(), text.size());
  constexpr unsigned options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_wconv_attribute | pugi::parse_eol;
  const pugi::xml_parse_result result =
      document_.load_buffer_inplace(buffer_.get(), size_, options, pugi::encoding_utf8);
  complete_ = static_cast<bool>(result);
  if (!complete_) {
    problem_ = result.description();
    problem_offset_ = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)), size_);
  }
}

std::size_t XmlTree::offset(const char* piece, std::size_t otherwise) const {
  const std::less<> before;
  if (before(piece, buffer_.get()) || !before(piece, buffer_.get() + size_)) return otherwise;
  return static_cast<std::size_t>(piece - buffer_.get());
}

std::string XmlTree::text(pugi::xml_node element, std::size_t& at) const {
  std::string out;
  at = offset(element);
  bool first = true;
  for (const pugi::xml_node child : element.children()) {
    if (child.type() != pugi::node_pcdata && child.type() != pugi::node_cdata) continue;
    if (first) at = offset(child.value(), at);
    first = false;
    out += child.value();
  }
  const std::size_t begin = out.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  at += begin;
  out.erase(out.find_last_not_of(" \t\r\n") + 1);
  return out.erase(0, begin);
}

std::string_view XmlTree::local(const char* name) {
  const std::string_view whole(name);
  const std::size_t colon = whole.find(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace assay::sbom
