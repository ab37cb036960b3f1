#include "analyzer/app/version.h"
