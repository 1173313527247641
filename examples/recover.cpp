// Meets a name that is held by a soft-deleted secret, reads what the error advises, recovers the secret and writes on.
//
// VAULT_URL, VAULT_TOKEN and VAULT_CA_FILE say where the vault is and how to get in; the argument is the secret's name.

#include <libkv.hpp>

#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <iterator>

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

std::ostream &say(const char *what) { return std::cout << "  " << std::left << std::setw(12) << what << ' '; }

/// Writes a value; a soft-deleted secret that holds the name is brought back first, with its history.
/// Returns whether that was needed.
bool set_or_recover(const libkv::SecretClient &client, const std::string &name, const std::string &value) {
  try {
    client.set_secret(name, value);
    return false;
  } catch (const libkv::Error &error) {
    if (error.kind() != libkv::ErrorKind::soft_deleted) throw;
    say("refused") << error.kind_name() << '\n';
    say("") << error.message() << '\n';
    say("advice") << error.advice().value_or("none") << '\n';
  }
  client.begin_recover_deleted_secret(name).wait();
  say("recovered") << name << '\n';
  client.set_secret(name, value);
  return true;
}

void run(const std::string &name) {
  const auto client = open_client();
  client.set_secret(name, "first value");
  const auto deleted = client.begin_delete_secret(name);
  deleted.wait();
  say("deleted") << name << ", which holds its name until it is purged\n";

  const bool was_recovered = set_or_recover(client, name, "second value");

  const auto versions = client.list_properties_of_secret_versions(name);
  const auto count = std::distance(versions.begin(), versions.end());
  const auto current = client.get_secret(name);
  say("written") << "version " << current.properties().version.value_or("") << '\n';
  say("history") << count << " versions\n";
  if (!was_recovered || current.value() != "second value" || count < 2)
    throw std::runtime_error(name + " did not come back with its history");
  std::cout << "=> " << name << " was soft-deleted, recovered and written again; it has " << count << " versions\n";
}

} // namespace

int main(int argc, char **argv) {
  try {
    run(argc > 1 ? argv[1] : "payments-api-key");
    return 0;
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
