#include "analyzer/source/c_family.h"

#include <gmock/gmock.h>

#include "analyzer/source/c_capability.h"
#include "tests/support/reading.h"

namespace assay::source {
namespace {

using test::Reading;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ReadOutcome read_with_worker(const intake::Input& input, evidence::Rows& rows) {
  return read_c_family(input, rows, CWorker::beside_this_program());
}

std::vector<std::string> reach(std::string_view text, Language language = Language::c) {
  Reading reading(read_with_worker, "a.c", text, ArtifactKind::source, language);
  EXPECT_EQ(reading.outcome().coverage, Coverage::read) << testing::PrintToString(reading.outcome().gaps);
  return reading.ask(
      "SELECT r.kind, r.symbol, r.capability, r.callee, r.through, l.line, l.column FROM reach r JOIN location l ON "
      "l.location_id = r.at "
      "ORDER BY l.line, l.column, r.capability, r.callee");
}

TEST(CFamily, AsksForAParseOnlyWhereSomethingRunsAtLoadTime) {
  EXPECT_TRUE(wants_c_parse("void f(void) __attribute__((ifunc(\"r\")));"));
  EXPECT_TRUE(wants_c_parse("# define R __attribute__((__ifunc__(\"crc_resolve\")))"));
  EXPECT_TRUE(wants_c_parse("static void __attribute__ ((used, constructor (101))) f(void) {}"));
  EXPECT_TRUE(wants_c_parse("[[gnu::constructor]] void f() {}"));
  EXPECT_TRUE(wants_c_parse("__attribute__((section(\".init_array\"))) void *p = f;"));
  EXPECT_FALSE(wants_c_parse("// copy constructor (default constructor)\nstruct A { A(); };"));
  EXPECT_FALSE(wants_c_parse("SORT(.init_array.*) if_func(ifunction);"));
  EXPECT_FALSE(wants_c_parse(""));
}

TEST(CFamily, ConstructorReachesAProcessThroughAHelper) {
  EXPECT_THAT(reach("#include <stdlib.h>\nstatic void helper(void) { system(\"x\"); }\n"
                    "__attribute__((constructor)) static void start(void) { helper(); }\n"),
              ElementsAre("constructor|start|process|system|helper|3|42"));
  EXPECT_THAT(
      reach("static void helper(void) { system(\"x\"); }\n__attribute__((constructor)) static void start(void) { }\n"),
      IsEmpty());
}

TEST(CFamily, ResolverBehindAMacroThatIsNotDefined) {
  EXPECT_THAT(reach("#define PICK __attribute__((__ifunc__(\"resolve\")))\n#ifdef USE_IFUNC\n"
                    "static void *resolve(void) { return dlsym(NULL, \"x\"); }\nvoid f(void) PICK;\n#endif\n"),
              ElementsAre("ifunc-resolver|resolve|dynamic-loading|dlsym||3|14"));
}

TEST(CFamily, EntriesOfInitArrayAndStaticObjects) {
  EXPECT_THAT(reach("static void go(void) { execl(\"/bin/true\", \"true\", NULL); }\n"
                    "static void (*entry)(void) __attribute__((section(\".init_array\"), used)) = go;\n"),
              ElementsAre("init-array|entry|process|execl|go|2|15"));
  EXPECT_THAT(reach("struct A { A() { system(\"x\"); } };\nstatic A object;\n", Language::cpp),
              ElementsAre("static-initialiser|object|process|system|A::A|2|10"));
}

TEST(CFamily, CallsHiddenInMacrosAndLiteralArguments) {
  Reading reading(read_with_worker, "a.c",
                  "#define LOG(x) system(x)\nvoid f(char *p) { LOG(p); popen(\"ls\", \"r\"); }\n", ArtifactKind::source,
                  Language::c);
  EXPECT_THAT(reading.ask("SELECT c.caller, c.callee, c.macro_hidden, c.literal_argument, l.line, l.column FROM call c "
                          "JOIN location l ON "
                          "l.location_id = c.at ORDER BY l.column"),
              ElementsAre("f|system|1|0|2|19", "f|popen|0|1|2|27"));
}

TEST(CFamily, MappingsOnlyWhenTheyRun) {
  EXPECT_THAT(
      reach("__attribute__((constructor)) void f(void) { mmap(0, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, -1, 0); }\n"),
      ElementsAre("constructor|f|memory-protection|mmap||1|35"));
  EXPECT_THAT(reach("__attribute__((constructor)) void f(void) { mmap(0, 1, PROT_READ, MAP_PRIVATE, -1, 0); }\n"),
              IsEmpty());
}

TEST(CFamily, AFunctionOfTheFileIsNotTheLibrarys) {
  EXPECT_THAT(
      reach("static int connect(int a) { return a; }\n__attribute__((constructor)) void f(void) { connect(1); }\n"),
      IsEmpty());
}

TEST(CFamily, NoHarmFromFilesThatBreakTheParser) {
  std::string sum = "int x = 1";
  for (int i = 0; i < 200'000; ++i) sum += "+1";
  Reading deep(read_with_worker, "a.c", sum + ";", ArtifactKind::source, Language::c);
  EXPECT_NE(deep.outcome().coverage, Coverage::not_read);
  Reading endless(read_with_worker, "a.c",
                  "#include \"input.c\"\n#include \"/dev/zero\"\n#include \"/etc/passwd\"\nint x;\n",
                  ArtifactKind::source, Language::c);
  EXPECT_TRUE(endless.rows().call.empty());
}

ReadOutcome read_without(const intake::Input& input, evidence::Rows& rows) {
  return read_c_family(input, rows, {});
}
ReadOutcome read_with_wrong(const intake::Input& input, evidence::Rows& rows) {
  return read_c_family(input, rows, {.program = "/bin/false"});
}
ReadOutcome read_with_echo(const intake::Input& input, evidence::Rows& rows) {
  return read_c_family(input, rows, {.program = "/bin/echo"});
}
ReadOutcome read_with_sleep(const intake::Input& input, evidence::Rows& rows) {
  return read_c_family(input, rows, {.program = ASSAY_SOURCE_DIR "/tests/unit/source/never_ends.sh", .seconds = 1});
}

TEST(CFamily, WorkersThatFailLeaveAGap) {
  for (const test::Reader reader : {read_without, read_with_wrong, read_with_echo, read_with_sleep}) {
    Reading reading(reader, "a.c", "int x;", ArtifactKind::source, Language::c);
    EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
    ASSERT_EQ(reading.outcome().gaps.size(), 1U);
    EXPECT_THAT(reading.outcome().gaps[0], HasSubstr("not parsed as C or C++"));
    EXPECT_TRUE(reading.rows().reach.empty());
  }
}

TEST(CCapability, KnowsWhatDecides) {
  EXPECT_EQ(capability_of("execve"), "process");
  EXPECT_EQ(capability_of("__builtin_fork"), "process");
  EXPECT_EQ(capability_of("strlen"), "");
  EXPECT_EQ(deciding_argument("dlsym"), 1U);
}

}  // namespace
}  // namespace assay::source
