// Gives a secret a new random value. Programs that have read the value before go on with it: only older ones are
// disabled.
//
//   VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=... rotate NAME
//
// VAULT_CA_FILE names a certificate authority to trust besides the system's. No value is printed.

#include <libkv.hpp>

#include <cstdlib>
#include <iostream>
#include <random>

namespace {

std::string environment(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

libkv::SecretClient open_client() {
  libkv::ClientOptions options{{"credential", "static_token"}, {"credential.token", environment("VAULT_TOKEN")}};
  if (const auto ca_file = environment("VAULT_CA_FILE"); !ca_file.empty()) options.emplace_back("ca_file", ca_file);
  return libkv::SecretClient(environment("VAULT_URL"), options);
}

/// 32 characters of 64, which are 192 bits.
std::string random_text() {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::random_device random; // The kernel's own, on Linux.
  std::uniform_int_distribution<std::size_t> any(0, alphabet.size() - 1);
  std::string text(32, '\0');
  for (char &letter : text) letter = alphabet[any(random)];
  return text;
}

void rotate(const libkv::SecretClient &client, const std::string &name) {
  const auto old = client.get_secret(name);
  // A new version inherits nothing, so what goes with the secret is handed on.
  libkv::SetSecretOptions with;
  with.content_type = old.properties().content_type;
  with.tags = old.properties().tags;
  const auto current = client.set_secret(name, random_text(), with);
  std::cout << name << ": version " << *current.properties().version << " follows " << *old.properties().version
            << '\n';
  for (const auto &disabled : client.prune_secret_versions(name, 2))
    std::cout << name << ": version " << *disabled.version << " is disabled\n";
}

} // namespace

int main(int argc, char **argv) {
  try {
    if (argc != 2) throw std::invalid_argument("usage: rotate NAME");
    rotate(open_client(), argv[1]);
    return 0;
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
