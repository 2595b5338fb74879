#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/runner/escape.h"
#include "core/runner/runner.h"

namespace waybill::runner {
namespace {

constexpr std::size_t kMostSummary = 1'000'000;
constexpr std::string_view kCut = "\n\n*This summary was cut: a step's summary holds a megabyte.*\n";

std::filesystem::path path(const Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::filesystem::path() : std::filesystem::path(found->second);
}

std::string random_delimiter() {
  std::string bytes(16, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<::ssize_t>(bytes.size()))
    throw Error(Fault::kInternal, "the system gives no random bytes: {}", std::strerror(errno));
  return "waybill_" + to_hex(bytes);
}

class File {
 public:
  explicit File(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644)) {
    if (descriptor_ < 0 && errno != ENOENT)
      throw Error(Fault::kInput, "the runner's file {} cannot be written: {}", path.string(), std::strerror(errno));
  }

  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void append(std::string_view text) const {
    while (descriptor_ >= 0 && !text.empty()) {
      const ::ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw Error(Fault::kInput, "a file of the runner's cannot be written: {}", std::strerror(errno));
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int descriptor_;
};

void append(const std::filesystem::path& path, std::string_view text) {
  if (!path.empty()) File(path).append(text);
}

std::string_view whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  return text.substr(0, most);
}

}  // namespace

Commands::Commands(const Environment& environment, Log& log)
    : output_(path(environment, "GITHUB_OUTPUT")),
      summary_(path(environment, "GITHUB_STEP_SUMMARY")),
      action_(is_action(environment)),
      log_(log) {}

void Commands::output(std::string_view name, std::string_view value) {
  if (name.empty() || name.find_first_of(std::string_view("=\r\n\0", 4)) != std::string_view::npos ||
      name.find("<<") != std::string_view::npos)
    throw Error(Fault::kInternal, "`{}` is not the name of an output", harmless(name));
  if (value.find('\0') != std::string_view::npos)
    throw Error(Fault::kInput, "the output `{}` holds a null byte, which the runner cannot carry", name);
  if (log_.redacted(value) != value) throw Error(Fault::kInternal, "the output `{}` holds a secret", name);
  const std::string delimiter = random_delimiter();
  if (value.find(delimiter) != std::string_view::npos)
    throw Error(Fault::kInternal, "the output `{}` holds its own delimiter", name);
  append(output_, fmt::format("{}<<{}\n{}\n{}\n", name, delimiter, value, delimiter));
}

void Commands::summary(std::string_view markdown) {
  if (summary_size_ >= kMostSummary) return;
  std::string text = log_.redacted(markdown) + "\n";
  const std::size_t room = kMostSummary - summary_size_;
  if (text.size() + kCut.size() > room) {
    text = std::string(whole_characters(text, room > kCut.size() ? room - kCut.size() : 0)) + std::string(kCut);
    summary_size_ = kMostSummary;
  } else {
    summary_size_ += text.size();
  }
  append(summary_, text);
}

void Commands::mask(std::string_view secret) {
  if (action_) log_.line("::add-mask::" + escape_data(secret));
  log_.hide(secret);
}

void Commands::group(std::string_view title) {
  const std::string text = harmless(log_.redacted(title));
  log_.line(action_ ? "::group::" + escape_data(text) : text);
}

void Commands::end_group() {
  if (action_) log_.line("::endgroup::");
}

void Commands::error(std::string_view text, std::string_view title) {
  const std::string safe = harmless(log_.redacted(text));
  const std::string head = harmless(log_.redacted(title));
  log_.line(action_ ? "::error title=" + escape_property(head) + "::" + escape_data(safe)
                    : "error: " + head + (head.empty() ? "" : ": ") + safe);
}

void Commands::notice(std::string_view text) {
  const std::string safe = harmless(log_.redacted(text));
  log_.line(action_ ? "::notice::" + escape_data(safe) : safe);
}

}  // namespace waybill::runner
