#include "analyzer/base/digest.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <array>

namespace assay::digest {
namespace {

std::string hash(const EVP_MD* kind, std::string_view first, std::string_view second) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned length = 0;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool done = context != nullptr && EVP_DigestInit_ex(context, kind, nullptr) == 1 &&
                    EVP_DigestUpdate(context, first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context, second.data(), second.size()) == 1 &&
                    EVP_DigestFinal_ex(context, out.data(), &length) == 1;
  EVP_MD_CTX_free(context);
  if (!done) return {};
  return hex({reinterpret_cast<const char*>(out.data()), length});
}

}  // namespace

std::string sha256(std::string_view bytes) {
  return hash(EVP_sha256(), bytes, {});
}
std::string sha512(std::string_view bytes) {
  return hash(EVP_sha512(), bytes, {});
}
std::string sha1(std::string_view bytes) {
  return hash(EVP_sha1(), bytes, {});
}
std::string md5(std::string_view bytes) {
  return hash(EVP_md5(), bytes, {});
}

std::string git_blob(std::string_view bytes) {
  std::string header = fmt::format("blob {}", bytes.size());
  header.push_back('\0');
  return hash(EVP_sha1(), header, bytes);
}

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t value = seed;
  for (const char byte : bytes) {
    value ^= static_cast<std::uint8_t>(byte);
    value *= 0x100000001b3ULL;
  }
  return value;
}

std::string hex(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<std::uint8_t>(byte);
    out.push_back(digits[value >> 4U]);
    out.push_back(digits[value & 0x0FU]);
  }
  return out;
}

}  // namespace assay::digest
