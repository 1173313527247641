// Waits for new versions of a secret, as a program does that takes a rotated password without a restart.
//
//   VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=... watch NAME [SECONDS [CHANGES]]
//
// It looks every 60 seconds, or every SECONDS, and ends after CHANGES versions, if they are given.

#include <libkv.hpp>

#include <cstdlib>
#include <iostream>
#include <limits>
#include <thread>

namespace {

using Seconds = std::chrono::duration<double>;

std::string environment(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

libkv::SecretClient open_client() {
  libkv::ClientOptions options{{"credential", "static_token"}, {"credential.token", environment("VAULT_TOKEN")}};
  if (const auto ca_file = environment("VAULT_CA_FILE"); !ca_file.empty()) options.emplace_back("ca_file", ca_file);
  return libkv::SecretClient(environment("VAULT_URL"), options);
}

/// Whether the same call may succeed later. The value that the program has is good until then.
bool may_pass(libkv::ErrorKind kind) {
  using libkv::ErrorKind;
  return kind == ErrorKind::throttled || kind == ErrorKind::unavailable || kind == ErrorKind::network ||
         kind == ErrorKind::timeout;
}

/// Calls `changed` with the secret as it is, and with each version that comes; ends when it gives false.
template <class Changed>
void watch(const libkv::SecretClient &client, std::string_view name, Seconds interval, Changed changed) {
  std::optional<std::string> version;
  for (;;) {
    const auto secret = client.nothrow().get_secret(name);
    if (secret && secret->properties().version != version) {
      version = secret->properties().version;
      if (!changed(*secret)) return;
    }
    if (!secret) {
      if (!may_pass(secret.error().kind())) secret.value();
      std::cerr << secret.error().what() << '\n';
    }
    std::this_thread::sleep_for(interval);
  }
}

} // namespace

int main(int argc, char **argv) {
  try {
    if (argc < 2) throw std::invalid_argument("usage: watch NAME [SECONDS [CHANGES]]");
    const Seconds interval(argc > 2 ? std::stod(argv[2]) : 60);
    auto left = argc > 3 ? std::stoul(argv[3]) : std::numeric_limits<unsigned long>::max();
    watch(open_client(), argv[1], interval, [&](const libkv::Secret &secret) {
      std::cout << secret.properties().name << ": version " << *secret.properties().version << ", "
                << secret.value().size() << " bytes" << std::endl;
      return --left > 0;
    });
    return 0;
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
