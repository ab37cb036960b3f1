#include "analyzer/source/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace assay::source {
namespace {

class Descriptor {
 public:
  Descriptor() = default;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (value >= 0) ::close(value);
    value = -1;
  }
  int value = -1;
};

class SpawnActions {
 public:
  SpawnActions() { good_ = posix_spawn_file_actions_init(&actions_) == 0; }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() {
    if (good_) posix_spawn_file_actions_destroy(&actions_);
  }
  bool connect(int in, int out) {
    return good_ && posix_spawn_file_actions_adddup2(&actions_, in, 0) == 0 &&
           posix_spawn_file_actions_adddup2(&actions_, out, 1) == 0 &&
           posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0) == 0;
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
  bool good_ = false;
};

// Sockets, not pipes: writing to one whose reader died can be told not to raise a signal.
bool pair_of(Descriptor& ours, Descriptor& theirs) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  ours.value = ends[0];
  theirs.value = ends[1];
  return fcntl(ours.value, F_SETFL, O_NONBLOCK) == 0;
}

std::string ended(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return "the worker could not be waited for";
  }
  if (WIFSIGNALED(status)) return "the worker was ended by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return "the worker ended with status " + std::to_string(WEXITSTATUS(status));
  return {};
}

// Moves bytes both ways until the worker closes its side. The text says what stopped it early.
std::string converse(Descriptor& to, Descriptor& from, std::string_view input, std::string& output, unsigned seconds,
                     std::size_t max_output) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::array<char, 65536> buffer{};
  if (input.empty()) to.close();
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return "the worker took more than " + std::to_string(seconds) + " s";
    std::array<pollfd, 2> wait{pollfd{from.value, POLLIN, 0}, pollfd{to.value, POLLOUT, 0}};
    const int ready = poll(wait.data(), to.value >= 0 ? 2 : 1, static_cast<int>(left));
    if (ready < 0 && errno != EINTR) return "waiting for the worker failed";
    if (ready <= 0) continue;
    if (to.value >= 0 && (wait[1].revents & (POLLOUT | POLLERR | POLLHUP)) != 0) {
      const ssize_t sent = send(to.value, input.data(), input.size(), MSG_NOSIGNAL);
      if (sent > 0) input.remove_prefix(static_cast<std::size_t>(sent));
      const bool again = sent < 0 && (errno == EAGAIN || errno == EINTR);
      if (input.empty() || (sent < 0 && !again)) to.close();
    }
    if ((wait[0].revents & (POLLIN | POLLERR | POLLHUP)) == 0) continue;
    const ssize_t got = read(from.value, buffer.data(), buffer.size());
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return {};
    if (got > 0) output.append(buffer.data(), static_cast<std::size_t>(got));
    if (output.size() > max_output) return "the worker's answer is too long";
  }
}

}  // namespace

WorkerResult run_worker(const std::string& program, const std::string& argument, std::string_view input,
                        unsigned seconds, std::size_t max_output) {
  Descriptor to;
  Descriptor its_input;
  Descriptor from;
  Descriptor its_output;
  SpawnActions actions;
  if (!pair_of(to, its_input) || !pair_of(from, its_output) || !actions.connect(its_input.value, its_output.value)) {
    return {.problem = "no connection to a worker could be made"};
  }
  std::string name = program;
  std::string what = argument;
  char* arguments[] = {name.data(), what.data(), nullptr};
  char* environment[] = {nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, program.c_str(), actions.get(), nullptr, arguments, environment) != 0) {
    return {.problem = "the worker could not be started"};
  }
  its_input.close();
  its_output.close();
  WorkerResult result;
  result.problem = converse(to, from, input, result.output, seconds, max_output);
  if (!result.problem.empty()) kill(child, SIGKILL);
  to.close();
  from.close();
  const std::string end = ended(child);
  if (result.problem.empty()) result.problem = end;
  return result;
}

}  // namespace assay::source
