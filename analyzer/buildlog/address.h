#pragma once

#include <string>
#include <string_view>

#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"

namespace assay::buildlog {

struct Address {
  std::string_view whole;  // as written, from scheme to the last character that belongs to it
  std::string url;         // without user name and password
  std::string host;        // lower case, without port; brackets of IPv6 removed
};

// The address whose "://" stands at `colon` in `text`. False when what stands around it is not one (RFC 3986 scheme,
// and a host of letters, digits, '.', '-', '_' or a bracketed IPv6 address).
bool address_at(std::string_view text, std::size_t colon, Address& out);

// The first address in `text`, or none.
bool first_address(std::string_view text, Address& out);

// Writes `url-contacted`, once a step and address: a tool says, or was told, to talk to it. `tool` names it.
void contacted(const Line& line, const Address& address, std::string_view tool, Journal& journal);
void contacted(const Line& line, std::string_view text, std::string_view tool, Journal& journal);

// Writes `url-mentioned`, once a step and host: the address merely stands there.
void mentioned(const Line& line, const Address& address, Journal& journal);

}  // namespace assay::buildlog
