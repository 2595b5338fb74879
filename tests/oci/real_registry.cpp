#include "oci/real_registry.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace waybill::oci {
namespace {

::sockaddr_in loopback(std::uint16_t port) {
  ::sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::sockaddr_in address = loopback(0);
  ::socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<const ::sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<::sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const ::sockaddr_in address = loopback(port);
  const bool connected = ::connect(socket, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

std::optional<std::filesystem::path> program(const std::string& name) {
  const char* path = std::getenv("PATH");
  const char* home = std::getenv("HOME");
  std::istringstream folders(std::string(path != nullptr ? path : "") + ":" +
                             (home != nullptr ? std::string(home) + "/go/bin" : ""));
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty() && ::access((std::filesystem::path(folder) / name).c_str(), X_OK) == 0)
      return std::filesystem::path(folder) / name;
  return std::nullopt;
}

RealRegistry::RealRegistry(const std::filesystem::path& program, std::vector<std::string> arguments,
                           const std::vector<std::string>& environment) {
  const std::uint16_t port = free_port();
  host_ = "127.0.0.1:" + std::to_string(port);
  arguments.insert(arguments.begin(), program.string());
  std::vector<std::string> variables = environment;
  for (std::vector<std::string>* texts : {&arguments, &variables})
    for (std::string& text : *texts)
      if (const std::size_t at = text.find("PORT"); at != std::string::npos) text.replace(at, 4, std::to_string(port));
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(variables);
  child_ = ::fork();
  if (child_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = ::open("/dev/null", O_RDWR);
    for (const int stream : {0, 1, 2}) ::dup2(null, stream);
    ::execve(argv.front(), argv.data(), envp.data());
    ::_exit(127);
  }
  for (int tries = 0; tries < 200; ++tries) {
    if (answers(port)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  throw std::runtime_error(program.string() + " does not answer on " + host_);
}

RealRegistry::~RealRegistry() {
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

}  // namespace waybill::oci
