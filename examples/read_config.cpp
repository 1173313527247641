// Reads a service's configuration from the secrets whose names begin with the service's, and says all that is wrong
// with it.
//
//   VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=... read_config SERVICE
//
// SERVICE-database-url and SERVICE-port must be there; SERVICE-log-level may be. Values are not printed.

#include <libkv.hpp>

#include <charconv>
#include <cstdlib>
#include <iostream>

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

struct Config {
  libkv::Secret database_url; ///< Kept as a secret, which zeroes the value when it goes.
  std::uint16_t port;
  std::string log_level = "info";
};

/// The secrets of a service, by the rest of their names, and what is wrong with them.
struct Found {
  std::map<std::string, libkv::Secret> secrets;
  std::vector<std::string> problems;
};

Found find(const libkv::SecretClient &client, const std::string &service) {
  Found found;
  libkv::GetSecretsOptions options;
  options.prefix = service + "-";
  for (const auto &result : client.get_secrets(options)) {
    if (result.error)
      found.problems.push_back(result.name + ": " + result.error->message());
    else
      found.secrets.emplace(result.name.substr(options.prefix->size()), *result.secret);
  }
  for (const char *name : {"database-url", "port"})
    if (!found.secrets.count(name)) found.problems.push_back(*options.prefix + name + ": is missing");
  return found;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Config read_config(const libkv::SecretClient &client, const std::string &service) {
  auto [secrets, problems] = find(client, service);
  const auto port = secrets.find("port");
  const auto number = port == secrets.end() ? std::nullopt : parse_port(port->second.value());
  if (port != secrets.end() && !number) problems.push_back(service + "-port: must be 1 to 65535");
  if (!problems.empty()) {
    std::string all = "the configuration of " + service + " cannot be used";
    for (const auto &problem : problems) all += "\n  " + problem;
    throw std::runtime_error(all);
  }
  Config config{secrets.at("database-url"), *number};
  if (const auto level = secrets.find("log-level"); level != secrets.end()) config.log_level = level->second.value();
  return config;
}

} // namespace

int main(int argc, char **argv) {
  try {
    if (argc != 2) throw std::invalid_argument("usage: read_config SERVICE");
    const auto config = read_config(open_client(), argv[1]);
    std::cout << "port " << config.port << ", log level " << config.log_level << ", a database URL of "
              << config.database_url.value().size() << " bytes\n";
    return 0;
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
