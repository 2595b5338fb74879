// libgit2 1.5 forgets some memory on its own error paths (missing and damaged objects, broken configuration), which
// these tests take on purpose, and where it reads configuration by patterns. The leak checker reads this by name; leaks
// of waybill's own code still fail.
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() {
  return "leak:libgit2.so\nleak:libpcre2-8.so\n";
}
