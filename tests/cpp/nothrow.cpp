// Operations that give a result instead of throwing.

#include "open.hpp"

#include <type_traits>

namespace {

static_assert(std::is_nothrow_move_constructible_v<libkv::Result<libkv::SecretClient>>);
static_assert(!std::is_copy_constructible_v<libkv::Result<libkv::SecretClient>>);

/// What fails here fails the program: none of it may throw.
void values_and_errors(const libkv::SecretClient &client) noexcept {
  const auto forms = client.nothrow();
  const auto written = forms.set_secret("cpp-nothrow", "value");
  CHECK(written && written->value() == "value" && (*written).properties().name == "cpp-nothrow");
  CHECK(forms.get_secret("cpp-nothrow").value().value() == "value");
  CHECK(!forms.try_get_secret("cpp-nothrow-none").value());

  const auto missing = forms.get_secret("cpp-nothrow-none");
  CHECK(!missing && !missing.has_value() && missing.error().kind() == libkv::ErrorKind::not_found);
  CHECK(missing.error().status() == 404 && missing.error().code() == "SecretNotFound");
  CHECK(error_of([&] { static_cast<void>(missing.value()); }).kind() == libkv::ErrorKind::not_found);
  CHECK(forms.get_secret("cpp-nothrow-none").value_or(*written).value() == "value");

  const auto cut = forms.get_secret(std::string_view("cpp\0x", 5));
  CHECK(!cut && cut.error().message() == "name: must not hold a NUL");
  libkv::SetSecretOptions options;
  options.content_type = std::string("text\0", 5);
  CHECK(forms.set_secret("cpp-nothrow", "v", options).error().message() == "content_type: must not hold a NUL");
}

void deletion(const libkv::SecretClient &client) noexcept {
  const auto forms = client.nothrow();
  CHECK(forms.begin_delete_secret("cpp-nothrow-none").error().kind() == libkv::ErrorKind::not_found);
  const auto poller = forms.begin_delete_secret("cpp-nothrow");
  CHECK(poller && poller->wait() && poller->poll().value() && poller->result()->deleted_date);
  libkv::PollerOptions wrong;
  wrong.polling_interval = std::chrono::milliseconds(0);
  const auto refused = forms.begin_delete_secret("cpp-nothrow", wrong);
  CHECK(!refused && refused.error().message() == "polling_interval: must be from 1 ms to 1 h");
  const auto purged = forms.purge_deleted_secret("cpp-nothrow");
  CHECK(purged && purged.has_value());
  purged.value();
  CHECK(forms.purge_deleted_secret("cpp-nothrow").error().kind() == libkv::ErrorKind::not_found);
}

void lists_end_behind_an_error(const libkv::SecretClient &client) noexcept {
  for (const char *name : {"cpp-nothrow-a", "cpp-nothrow-b"}) client.set_secret(name, "v");
  libkv::ListOptions options;
  options.max_page_size = 1;
  std::size_t count = 0;
  for (const auto &properties : client.nothrow().list_properties_of_secrets(options)) count += properties.has_value();
  CHECK(count == 2);

  options.continuation_token = "not one of the vault's";
  const auto broken = client.nothrow().list_properties_of_secrets(options);
  std::vector<libkv::ErrorKind> kinds;
  for (const auto &properties : broken) kinds.push_back(properties.error().kind());
  for (const auto &page : broken.pages()) kinds.push_back(page.error().kind());
  CHECK(kinds == std::vector(2, libkv::ErrorKind::invalid_argument));
}

void many(const libkv::SecretClient &client) noexcept {
  libkv::GetSecretsOptions options;
  options.prefix = "cpp-nothrow-";
  auto results = client.nothrow().get_secrets(options);
  std::vector<std::string> names;
  for (const auto &result : results.value()) names.push_back(result.value().name);
  CHECK(names.size() == 2);
  options.concurrency = 0;
  CHECK(client.nothrow().get_secrets(options).error().message().rfind("concurrency:", 0) == 0);

  const auto refused = libkv::SecretClient(
      given("VAULT_URL"),
      {{"ca_file", given("VAULT_CA_FILE")}, {"credential", "static_token"}, {"credential.token", "not the vault's"}});
  auto unlisted = refused.nothrow().get_secrets();
  std::vector<libkv::ErrorKind> kinds;
  for (const auto &result : *unlisted) kinds.push_back(result.error().kind());
  CHECK(kinds == std::vector{libkv::ErrorKind::authentication});
}

void clients() noexcept {
  CHECK(libkv::SecretClient::open(given("VAULT_URL"), client_options())->vault_url() == given("VAULT_URL"));
  const auto refused = libkv::SecretClient::open(given("VAULT_URL"), {{"retry.max", "1"}});
  CHECK(refused.error().kind() == libkv::ErrorKind::invalid_config);
  CHECK(libkv::SecretClient::open(given("VAULT_URL"), {{std::string("a\0", 2), ""}}).error().message() ==
        "key: must not hold a NUL");
}

#ifdef __cpp_lib_expected
void results_are_expected(const libkv::SecretClient &client) {
  const std::expected<libkv::Secret, libkv::Error> read = client.nothrow().get_secret("cpp-nothrow-a");
  CHECK(read && read->value() == "v");
  const auto length = std::expected<libkv::Secret, libkv::Error>(client.nothrow().get_secret("cpp-nothrow-none"));
  CHECK(!length && length.error().kind() == libkv::ErrorKind::not_found);
  const std::expected<void, libkv::Error> purged = client.nothrow().purge_deleted_secret("cpp-nothrow-none");
  CHECK(!purged && purged.error().kind() == libkv::ErrorKind::not_found);
}
#else
void results_are_expected(const libkv::SecretClient &) {}
#endif

} // namespace

int main() {
  const auto client = open_client();
  values_and_errors(client);
  deletion(client);
  lists_end_behind_an_error(client);
  many(client);
  clients();
  results_are_expected(client);
  return summary();
}
