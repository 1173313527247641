// Writes a secret, reads it back, and shows what an error says.

#include <cstdlib>
#include <iostream>
#include <libkv.hpp>

int main() {
  libkv::SecretClient client(std::getenv("VAULT_URL"), {{"credential", "static_token"},
                                                        {"credential.token", std::getenv("VAULT_TOKEN")},
                                                        {"ca_file", std::getenv("VAULT_CA_FILE")}});

  libkv::SetSecretOptions with;
  with.content_type = "text/plain";
  const auto written = client.set_secret("greeting-cpp", "hello", with);
  std::cout << "wrote " << written.properties().name << " version " << *written.properties().version << '\n';

  std::cout << "read " << client.get_secret("greeting-cpp").value().size() << " bytes\n";

  try {
    client.get_secret("no-such-secret");
  } catch (const libkv::Error &error) {
    if (error.kind() != libkv::ErrorKind::not_found) throw;
    std::cout << error.what() << '\n';
  }
}
