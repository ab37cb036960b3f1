#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "analyzer/base/error.h"

namespace assay {

// The return type of everything that can fail for a reason outside the program. Exceptions of libraries are caught
// where the library is called and become an Error.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(where)});
}

}  // namespace assay

#define ASSAY_JOIN_(a, b) a##b
#define ASSAY_JOIN(a, b) ASSAY_JOIN_(a, b)
#define ASSAY_TRY_(temporary, declaration, expression)                                 \
  auto temporary = (expression);                                                       \
  if (!temporary) return tl::unexpected<::assay::Error>(std::move(temporary).error()); \
  declaration = std::move(*temporary)
// ASSAY_TRY(T x, f()): binds x to the value of f(), or returns f()'s error from the calling function.
#define ASSAY_TRY(declaration, expression) ASSAY_TRY_(ASSAY_JOIN(assay_try_, __COUNTER__), declaration, expression)
// ASSAY_CHECK(f()): returns f()'s error from the calling function; the value, if any, is dropped.
#define ASSAY_CHECK(expression)                                                \
  do {                                                                         \
    if (auto assay_checked = (expression); !assay_checked)                     \
      return tl::unexpected<::assay::Error>(std::move(assay_checked).error()); \
  } while (false)
