// What C++ adds to the C ABI: values, exceptions, ranges, and texts that know their length.

#include "open.hpp"

#include <algorithm>
#include <type_traits>

namespace {

static_assert(std::is_nothrow_move_constructible_v<libkv::SecretClient>);
static_assert(!std::is_copy_constructible_v<libkv::SecretClient>);
static_assert(std::is_nothrow_copy_constructible_v<libkv::Error>);
static_assert(std::is_copy_constructible_v<libkv::Secret> && std::is_copy_assignable_v<libkv::Secret>);

static_assert(std::is_nothrow_move_constructible_v<libkv::SecretResults>);
static_assert(!std::is_copy_constructible_v<libkv::SecretResults>);

template <class T, class = void>
constexpr bool is_printable = false;
template <class T>
constexpr bool is_printable<T, std::void_t<decltype(std::declval<std::ostream &>() << std::declval<const T &>())>> =
    true;
static_assert(!is_printable<libkv::Secret>);

void values(const libkv::SecretClient &client) {
  using namespace std::string_view_literals;
  libkv::SetSecretOptions options;
  options.content_type = "text/plain";
  options.tags = libkv::Tags{{"env", "prod"}, {"umlaut", "\xc3\xa4"}};
  options.expires_on = libkv::Time(std::chrono::seconds(253402300799)); // The end of the year 9999.
  const auto written = client.set_secret("cpp-values", "a\0b"sv, options);
  auto copy = client.get_secret("cpp-values");
  copy = written;
  CHECK(copy.value() == "a\0b"sv && copy.value().data() == written.value().data());
  CHECK(copy.properties().tags == *options.tags && copy.properties().expires_on == options.expires_on);
  CHECK(copy.properties().content_type == "text/plain" && !copy.properties().not_before);
  CHECK(client.set_secret("cpp-values", std::string_view()).value().empty());

  libkv::UpdateSecretPropertiesOptions update;
  update.version = written.properties().version;
  update.tags.emplace();
  const auto updated = client.update_secret_properties("cpp-values", update);
  CHECK(updated.tags.empty() && updated.content_type == "text/plain" && updated.version == update.version);
}

void errors(const libkv::SecretClient &client) {
  const auto missing = error_of([&] { client.get_secret("cpp-missing"); });
  CHECK(missing.kind() == libkv::ErrorKind::not_found && missing.kind_name() == "not_found");
  CHECK(missing.status() == 404 && missing.code() == "SecretNotFound" && missing.attempts() == 1);
  CHECK(missing.elapsed().count() > 0 && !missing.retry_after() && missing.request_id());
  CHECK(std::string(missing.what()).rfind("not_found: " + missing.message(), 0) == 0);

  // A NUL would end the name early in C, and another secret would be meant.
  const auto cut = error_of([&] { client.get_secret(std::string("cpp-values\0x", 12)); });
  CHECK(cut.kind() == libkv::ErrorKind::invalid_argument && cut.message() == "name: must not hold a NUL");
  const auto refused = error_of([] { libkv::SecretClient("https://vault.example", {{"retry.max", "1"}}); });
  CHECK(refused.kind() == libkv::ErrorKind::invalid_config && refused.message().rfind("retry.max:", 0) == 0);
  const auto empty = error_of([&] { client.restore_secret_backup({}); });
  CHECK(empty.kind() == libkv::ErrorKind::invalid_argument);
}

void lists(const libkv::SecretClient &client) {
  for (char letter : {'a', 'b', 'c'}) client.set_secret(std::string("cpp-list-") + letter, "v");
  libkv::ListOptions options;
  options.max_page_size = 1;
  std::vector<std::string> names;
  for (const auto &properties : client.list_properties_of_secrets(options)) names.push_back(properties.name);
  CHECK(std::count_if(names.begin(), names.end(), [](auto &name) { return name.rfind("cpp-list-", 0) == 0; }) == 3);

  const auto list = client.list_properties_of_secrets(options);
  const auto pages = list.pages();
  const auto first = *pages.begin();
  CHECK(first.items.size() == 1 && first.continuation_token && first.items[0].name == names[0]);
  options.continuation_token = first.continuation_token;
  CHECK(client.list_properties_of_secrets(options).begin()->name == names[1]);
  CHECK(list.page(first.continuation_token).items[0].name == names[1] && list.page().items[0].name == names[0]);

  const auto versions = client.list_properties_of_secret_versions("cpp-nobody");
  CHECK(versions.begin() == versions.end());
}

void lists_outlive_their_client() {
  const auto list = open_client().list_properties_of_secrets();
  CHECK(list.begin() != list.end());
}

void many(const libkv::SecretClient &client) {
  libkv::SetSecretsOptions set;
  std::vector<std::size_t> told;
  set.content_type = "text/plain";
  set.on_progress = [&](const libkv::Progress &progress) {
    told.push_back(progress.done);
    CHECK(progress.total == 2 && !client.try_get_secret("cpp-many-none"));
  };
  for (const auto &result : client.set_secrets({{"cpp-many-a", "1"}, {"cpp-many-b", {}}}, set))
    CHECK(result.value().properties().content_type == "text/plain");
  CHECK(told == (std::vector<std::size_t>{1, 2}));
  CHECK(error_of([&] { client.set_secrets({{"a", "1"}, {"A", "2"}}); }).message().rfind("values:", 0) == 0);

  libkv::GetSecretsOptions get;
  get.names = {"cpp-many-b", "cpp-many-none", "cpp-many-a"};
  std::optional<libkv::SecretResult> kept;
  {
    auto first = client.get_secrets(get);
    kept = first.next();
    auto moved = std::move(first);
    const std::vector<libkv::SecretResult> rest(moved.begin(), moved.end());
    CHECK(rest.size() == 2 && rest[0].name == "cpp-many-none" && rest[1].value().value() == "1" && !moved.next());
    CHECK(!rest[0].secret && rest[0].error->kind() == libkv::ErrorKind::not_found);
    CHECK(error_of([&] { rest[0].value(); }).status() == 404);
  }
  CHECK(kept && kept->value().value().empty() && kept->name == "cpp-many-b" && !kept->value().stale());
  get.names.emplace();
  CHECK(!client.get_secrets(get).next());
  get.names = {std::string("cut\0x", 5)};
  CHECK(error_of([&] { client.get_secrets(get); }).message() == "names: must not hold a NUL");
}

void what_a_progress_callback_throws_comes_out(const libkv::SecretClient &client) {
  libkv::GetSecretsOptions options;
  options.prefix = "cpp-many-";
  options.on_progress = [](const libkv::Progress &progress) {
    if (progress.done == 1) throw std::out_of_range("told");
  };
  auto results = client.get_secrets(options);
  try {
    results.next();
    CHECK(false && "something was thrown");
  } catch (const std::out_of_range &thrown) {
    CHECK(thrown.what() == std::string("told"));
  }
  CHECK(results.next()->name == "cpp-many-b" && !results.next());
}

void versions(const libkv::SecretClient &client) {
  for (const char *value : {"1", "2", "3"}) client.set_secret("cpp-versions", value);
  const auto history = client.get_secret_history("cpp-versions");
  CHECK(history.size() == 3 && history[0].current && !history[1].current && history[0].properties.enabled);
  const auto disabled = client.prune_secret_versions("cpp-versions", 2);
  CHECK(disabled.size() == 1 && disabled[0].version == history[2].properties.version && !disabled[0].enabled);
  const auto back = client.rollback_secret("cpp-versions", *history[1].properties.version);
  CHECK(client.try_get_secret("cpp-versions")->properties().version == back.properties().version);

  libkv::SetSecretOptions set;
  set.if_changed = true;
  CHECK(client.set_secret("cpp-versions", back.value(), set).properties().version == back.properties().version);
}

void deletion_and_recovery(libkv::SecretClient client) {
  client.set_secret("cpp-deleted", "v");
  const auto poller = client.begin_delete_secret("cpp-deleted");
  poller.wait({std::chrono::seconds(10)});
  CHECK(poller.done() && poller.poll() && poller.result()->properties.name == "cpp-deleted");
  CHECK(client.get_deleted_secret("cpp-deleted").recovery_id == poller.result()->recovery_id);
  const auto deleted = client.list_deleted_secrets();
  CHECK(std::any_of(deleted.begin(), deleted.end(), [](auto &one) { return one.properties.name == "cpp-deleted"; }));
  CHECK(error_of([&] { client.set_secret("cpp-deleted", "w"); }).kind() == libkv::ErrorKind::soft_deleted);

  libkv::PollerOptions resumed;
  resumed.continuation_token = poller.continuation_token();
  resumed.polling_interval = std::chrono::milliseconds(1);
  const auto again = client.begin_delete_secret("cpp-deleted", resumed);
  CHECK(again.done() && again.look_count() == 1 && again.result()->recovery_id == poller.result()->recovery_id);
  const auto refused = error_of([&] { client.begin_recover_deleted_secret("cpp-deleted", resumed); });
  CHECK(refused.kind() == libkv::ErrorKind::invalid_argument);

  client.begin_recover_deleted_secret("cpp-deleted").wait();
  const auto backup = client.backup_secret("cpp-deleted");
  client.begin_delete_secret("cpp-deleted").wait();
  libkv::PurgeDeletedSecretOptions purge;
  purge.wait = true;
  client.purge_deleted_secret("cpp-deleted", purge);
  CHECK(client.restore_secret_backup(backup).name == "cpp-deleted");
  CHECK(client.stats().operations > 10 && client.vault_url() == given("VAULT_URL"));
  client.close();
  CHECK(error_of([&] { client.get_secret("cpp-deleted"); }).kind() == libkv::ErrorKind::invalid_state);
}

} // namespace

int main() {
  auto client = open_client();
  values(client);
  errors(client);
  lists(client);
  lists_outlive_their_client();
  many(client);
  what_a_progress_callback_throws_comes_out(client);
  versions(client);
  deletion_and_recovery(std::move(client));
  return summary();
}
