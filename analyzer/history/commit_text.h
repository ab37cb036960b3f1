#pragma once

#include <git2.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::history {

// What the bytes of a commit or tag object say. Nothing is verified; ill-formed parts are left empty. The text is UTF-8
// with bad bytes replaced. Format: git's Documentation (gitformat-signature, commit and tag objects).

struct Person {
  std::string name;
  std::string email;      // lower case
  std::int64_t time = 0;  // seconds since 1970, clamped to ±2^53
  std::int64_t zone = 0;  // minutes east of UTC
};

// "none", or the kind of signature by its armour: openpgp, ssh, x509, other.
using SignatureKind = std::string_view;

struct CommitText {
  bool well_formed = false;  // a tree, an author and a committer were there
  git_oid tree{};
  std::vector<git_oid> parents;
  Person author;
  Person committer;
  std::string subject;  // first line of the message, at most 400 bytes
  SignatureKind signature = "none";
};
CommitText read_commit(std::string_view bytes);

struct TagText {
  bool well_formed = false;
  git_oid target{};
  Person tagger;
  SignatureKind signature = "none";
};
TagText read_tag(std::string_view bytes);

Person read_person(std::string_view line);

}  // namespace assay::history
