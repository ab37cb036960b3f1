#include <cstdio>

#include "analyzer/app/version.h"

int main() {
  std::puts(assay::app::version.data());
  return 0;
}
