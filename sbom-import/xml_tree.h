#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "analyzer/formats/position_grid.h"

namespace assay::sbom {

// An XML text (XML 1.0) as pugixml's tree over a copy of the bytes, with places. No document type is read and no entity
// but the five of XML is replaced; nothing is opened. A syntax error keeps what stands before it. Not recursive,
// linear. Immutable after parsing. pugixml keeps names, values and attribute values at the place they were read from,
// so their offsets are those of the source.
class XmlTree {
 public:
  explicit XmlTree(std::string_view text);

  pugi::xml_node root() const { return document_.document_element(); }
  bool complete() const { return complete_; }
  // What is wrong with an incomplete text, and where.
  const std::string& problem() const { return problem_; }
  Position problem_position() const { return grid_.position(problem_offset_); }

  // Offset of a name or value that pugixml handed out; `otherwise` when it does not stand in the source (empty values).
  std::size_t offset(const char* piece, std::size_t otherwise) const;
  std::size_t offset(pugi::xml_node node) const { return offset(node.name(), 0); }
  // The text of an element: all its character data joined; `at` is where the first of it stands, or the element's name.
  std::string text(pugi::xml_node element, std::size_t& at) const;
  Position position(std::size_t offset) const { return grid_.position(offset); }
  Span span(std::size_t begin, std::size_t end) const { return grid_.span(begin, end); }
  // An element's name without its prefix.
  static std::string_view local(const char* name);

 private:
  formats::PositionGrid grid_;
  std::size_t size_;
  std::unique_ptr<char[]> buffer_;
  pugi::xml_document document_;
  bool complete_ = true;
  std::string problem_;
  std::size_t problem_offset_ = 0;
};

}  // namespace assay::sbom
