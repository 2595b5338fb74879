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
constexpr std::size_t kMostAnnotations = 10;
constexpr std::size_t kMostAnnotation = 4096;
constexpr std::string_view kElsewhere = "… the rest is in the step's summary";
constexpr std::string_view kCut = "\n\n*This summary was cut: a step's summary holds a megabyte.*\n";

std::filesystem::path path(const Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::filesystem::path() : std::filesystem::path(found->second);
}

std::string random_word() {
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
      token_(is_action(environment) ? random_word() : ""),
      log_(log) {
  if (!token_.empty()) log_.line("::stop-commands::" + token_);
}

Commands::~Commands() {
  if (!token_.empty()) log_.line("::" + token_ + "::");
}

void Commands::command(std::string_view line) {
  if (token_.empty()) return;
  log_.line(fmt::format("::{0}::\n{1}\n::stop-commands::{0}", token_, line));
}

void Commands::output(std::string_view name, std::string_view value) {
  if (name.empty() || name.find_first_of(std::string_view("=\r\n\0", 4)) != std::string_view::npos ||
      name.find("<<") != std::string_view::npos)
    throw Error(Fault::kInternal, "`{}` is not the name of an output", harmless(name));
  if (value.find('\0') != std::string_view::npos)
    throw Error(Fault::kInput, "the output `{}` holds a null byte, which the runner cannot carry", name);
  if (log_.redacted(value) != value) throw Error(Fault::kInternal, "the output `{}` holds a secret", name);
  const std::string delimiter = random_word();
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
  command("::add-mask::" + escape_data(secret));
  log_.hide(secret);
}

void Commands::group(std::string_view title) {
  const std::string text = harmless(log_.redacted(title));
  if (token_.empty()) return log_.line(text);
  command("::group::" + escape_data(text));
}

void Commands::end_group() {
  command("::endgroup::");
}

void Commands::annotate(std::string_view head, std::string_view text, std::size_t& count) {
  if (++count > kMostAnnotations) return summary(fmt::format("```\n{}\n```", text));
  if (text.size() <= kMostAnnotation) return command(fmt::format("::{}::{}", head, escape_data(text)));
  command(fmt::format("::{}::{}{}", head, escape_data(whole_characters(text, kMostAnnotation - kElsewhere.size())),
                      kElsewhere));
  summary(fmt::format("```\n{}\n```", text));
}

void Commands::error(std::string_view text, std::string_view title) {
  const std::string safe = harmless(log_.redacted(text));
  const std::string head = harmless(log_.redacted(title));
  if (token_.empty()) return log_.line("error: " + head + (head.empty() ? "" : ": ") + safe);
  annotate("error title=" + escape_property(head), safe, errors_);
}

void Commands::notice(std::string_view text) {
  const std::string safe = harmless(log_.redacted(text));
  if (token_.empty()) return log_.line(safe);
  annotate("notice", safe, notices_);
}

}  // namespace waybill::runner
