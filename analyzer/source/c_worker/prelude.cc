#include "analyzer/source/c_worker/prelude.h"

namespace assay::source {
namespace {

constexpr std::string_view prelude_c =
    "#define NULL 0\n"
    "enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 32, "
    "MAP_FIXED = 16, RTLD_LAZY = "
    "1, RTLD_NOW = 2, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1, SOCK_DGRAM = 2, O_RDONLY = 0, O_WRONLY "
    "= 1, O_RDWR = 2, "
    "O_CREAT = 64, EXIT_FAILURE = 1, EXIT_SUCCESS = 0, STDIN_FILENO = 0, STDOUT_FILENO = 1, STDERR_FILENO = 2 };\n"
    "typedef unsigned long size_t; typedef long ssize_t; typedef int pid_t; typedef unsigned char uint8_t; typedef "
    "unsigned short "
    "uint16_t; typedef unsigned int uint32_t; typedef unsigned long uint64_t; typedef signed char int8_t; typedef "
    "short int16_t; "
    "typedef int int32_t; typedef long int64_t; typedef unsigned long uintptr_t; typedef long intptr_t; typedef struct "
    "assay_file FILE; "
    "void *dlopen(); void *dlsym(); void *mmap(); void *GetProcAddress(); char *getenv(); FILE *popen(); FILE "
    "*fopen();\n";
constexpr std::string_view prelude_cpp =
    "#define NULL __null\n"
    "enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 32, "
    "MAP_FIXED = 16, RTLD_LAZY = "
    "1, RTLD_NOW = 2, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1, SOCK_DGRAM = 2, O_RDONLY = 0, O_WRONLY "
    "= 1, O_RDWR = 2, "
    "O_CREAT = 64, EXIT_FAILURE = 1, EXIT_SUCCESS = 0, STDIN_FILENO = 0, STDOUT_FILENO = 1, STDERR_FILENO = 2 };\n"
    "typedef unsigned long size_t; typedef long ssize_t; typedef int pid_t; typedef unsigned char uint8_t; typedef "
    "unsigned short "
    "uint16_t; typedef unsigned int uint32_t; typedef unsigned long uint64_t; typedef signed char int8_t; typedef "
    "short int16_t; "
    "typedef int int32_t; typedef long int64_t; typedef unsigned long uintptr_t; typedef long intptr_t; struct FILE; "
    "extern \"C\" { "
    "void *dlopen(...); void *dlsym(...); void *mmap(...); char *getenv(...); FILE *popen(...); FILE *fopen(...); int "
    "system(...); "
    "int execl(...); int execlp(...); int execv(...); int execve(...); int execvp(...); int fork(...); int "
    "socket(...); int connect(...); "
    "int mprotect(...); int ptrace(...); int posix_spawn(...); int setenv(...); int putenv(...); } namespace std { "
    "using ::system; using "
    "::getenv; }\n";

}  // namespace

std::string_view c_prelude(bool cpp) {
  return cpp ? prelude_cpp : prelude_c;
}

}  // namespace assay::source
