#include "launcher/interruption.h"

#include <cstring>
#include <ctime>

namespace glimpse::launcher {

Interruption::Interruption() {
  sigemptyset(&held_);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1, SIGUSR2}) {
    struct sigaction action {};
    sigaction(number, nullptr, &action);
    // Linux keeps a held signal even where it is ignored.
    if (action.sa_handler != SIG_IGN) {
      sigaddset(&held_, number);
    }
  }
  pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

Interruption::~Interruption() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int Interruption::next() const {
  const timespec at_once{};
  return sigtimedwait(&held_, nullptr, &at_once);
}

void Interruption::check() const {
  const int number = next();
  if (number > 0) {
    throw Interrupted(std::string("interrupted (SIG") + sigabbrev_np(number) +
                      "): what was half made is taken away; the same command starts anew");
  }
}

}  // namespace glimpse::launcher
