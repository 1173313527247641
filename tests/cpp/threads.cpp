// Many threads at once: on one client, on copies of one value, and on what another thread has started.

#include "open.hpp"

#include <atomic>
#include <thread>

namespace {

constexpr int threads = 16, rounds = 8;

/// Runs a task on many threads at a time; each gets its number.
template <class Task>
void on_many_threads(Task task) {
  std::vector<std::thread> all;
  for (int number = 0; number < threads; number++) all.emplace_back([&task, number] { task(number); });
  for (auto &thread : all) thread.join();
}

void one_client(const libkv::SecretClient &client) {
  on_many_threads([&](int number) {
    const auto name = "cpp-threads-" + std::to_string(number);
    for (int round = 0; round < rounds; round++) {
      const auto value = std::to_string(round);
      client.set_secret(name, value);
      CHECK(client.get_secret(name).value() == value && client.async().get_secret(name).get().value() == value);
      CHECK(client.nothrow().get_secret("cpp-threads-none").error().status() == 404);
    }
    std::size_t count = 0;
    for (const auto &properties : client.list_properties_of_secrets()) count += !properties.name.empty();
    CHECK(count > 0);
  });
}

void one_callable() {
  std::atomic<int> asked = 0;
  const auto token = [&](const libkv::TokenRequest &) {
    asked++;
    return libkv::AccessToken{given("VAULT_TOKEN")};
  };
  const libkv::SecretClient client(given("VAULT_URL"), {{"ca_file", given("VAULT_CA_FILE")}}, token);
  on_many_threads([&](int) { CHECK(!client.try_get_secret("cpp-threads-none")); });
  CHECK(asked == 1);
}

void copies_of_one_value(const libkv::SecretClient &client) {
  const auto secret = client.set_secret("cpp-threads", "value");
  const auto error = error_of([&] { client.get_secret("cpp-threads-none"); });
  on_many_threads([&](int) {
    for (int round = 0; round < rounds; round++) {
      const auto copy = secret;
      const auto same = error;
      CHECK(copy.value() == "value" && copy.properties().name == "cpp-threads" && same.status() == 404);
    }
  });
}

void calls_of_another_thread(const libkv::SecretClient &client) {
  std::vector<libkv::Call<libkv::Secret>> calls;
  std::vector<std::future<libkv::Secret>> futures;
  for (int i = 0; i < threads; i++) {
    calls.push_back(client.async().get_secret("cpp-threads"));
    futures.push_back(client.async().get_secret("cpp-threads").future());
  }
  on_many_threads([&](int number) {
    auto call = std::move(calls.begin()[number]);
    if (number % 2) call.cancel();
    const auto result = call.result();
    CHECK(result ? result->value() == "value" : number % 2 && result.error().kind() == libkv::ErrorKind::cancelled);
    CHECK(futures.begin()[number].get().value() == "value");
  });
}

} // namespace

int main() {
  const auto client = open_client();
  one_client(client);
  one_callable();
  copies_of_one_value(client);
  calls_of_another_thread(client);
  libkv::shutdown();
  return summary();
}
