// Calls that coroutines of C++20 await, and stop tokens that cancel them.

#include "open.hpp"

#if __cplusplus >= 202002L

#include <coroutine>
#include <thread>

namespace {

/// A coroutine that starts at once and tells a future its end.
struct Started {
  struct promise_type {
    std::promise<void> end;

    Started get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this), end.get_future()}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() { end.set_value(); }
    void unhandled_exception() { end.set_exception(std::current_exception()); }
  };

  std::coroutine_handle<promise_type> handle;
  std::future<void> end;
};

/// A token callback that waits until it is let go on.
struct Gate {
  std::promise<void> open;

  libkv::SecretClient client() {
    const auto token = [wait = open.get_future().share()](const libkv::TokenRequest &) {
      wait.wait();
      return libkv::AccessToken{given("VAULT_TOKEN")};
    };
    return libkv::SecretClient(given("VAULT_URL"), {{"ca_file", given("VAULT_CA_FILE")}}, token);
  }
};

Started a_day(const libkv::SecretClient &client) {
  const auto async = client.async();
  const auto starter = std::this_thread::get_id();
  const auto written = co_await async.set_secret("cpp-co", "value");
  CHECK(std::this_thread::get_id() != starter && written.value() == "value");

  // Started together, awaited one by one.
  auto one = async.get_secret("cpp-co"), other = async.get_secret("cpp-co-none");
  CHECK((co_await one).value() == "value");
  const auto kind = [](auto &call) { return call.result().error().kind(); };
  try {
    co_await other;
    CHECK(false && "something was thrown");
  } catch (const libkv::Error &error) {
    CHECK(error.kind() == libkv::ErrorKind::not_found);
  }
  auto cut = async.get_secret(std::string_view("a\0b", 3));
  CHECK(cut.await_ready() && kind(cut) == libkv::ErrorKind::invalid_argument);

  std::size_t count = 0;
  std::optional<std::string> token;
  libkv::ListOptions options;
  options.max_page_size = 1;
  const auto list = async.list_properties_of_secret_versions("cpp-co", options);
  do {
    const auto page = co_await list.page(token);
    count += page.items.size();
    token = page.continuation_token;
  } while (token);
  CHECK(count == 1);

  libkv::GetSecretsOptions get;
  get.names = {"cpp-co", "cpp-co-none"};
  auto results = async.get_secrets(get);
  std::vector<bool> found;
  while (const auto result = co_await results.next()) found.push_back(result->secret.has_value());
  CHECK((found == std::vector{true, false}));

  const auto poller = co_await async.begin_delete_secret("cpp-co");
  co_await poller.wait();
  CHECK(co_await poller.poll());
  co_await async.purge_deleted_secret("cpp-co");

  // This thread is libkv's own by now.
  CHECK(client.nothrow().get_secret("cpp-co").error().kind() == libkv::ErrorKind::invalid_state);
}

Started read(libkv::Operations<libkv::Async> async, int &reads) {
  for (int i = 0; i < 20; i++) reads += !co_await async.try_get_secret("cpp-co-none");
}

Started expect_cancelled(libkv::Call<libkv::Secret> call) {
  try {
    co_await call;
    CHECK(false && "something was thrown");
  } catch (const libkv::Error &error) {
    CHECK(error.kind() == libkv::ErrorKind::cancelled);
  }
}

void many_coroutines(const libkv::SecretClient &client) {
  std::vector<Started> started;
  std::vector<int> reads(20);
  for (int &count : reads) started.push_back(read(client.async(), count));
  for (auto &one : started) one.end.get();
  CHECK(reads == std::vector<int>(20, 20));
}

void stop_tokens() {
  Gate gate;
  const auto client = gate.client();
  std::stop_source stop;
  const auto async = client.async(stop.get_token());
  auto awaited = expect_cancelled(async.get_secret("cpp-co"));
  auto future = async.get_secret("cpp-co").future();
  auto call = async.get_secret("cpp-co");
  CHECK(!call.wait_for(std::chrono::milliseconds(1)));
  stop.request_stop();
  awaited.end.get();
  CHECK(error_of([&] { future.get(); }).kind() == libkv::ErrorKind::cancelled);
  CHECK(call.result().error().kind() == libkv::ErrorKind::cancelled);
  CHECK(async.get_secret("cpp-co").result().error().kind() == libkv::ErrorKind::cancelled);
  gate.open.set_value();
  CHECK(!client.async(std::stop_token()).try_get_secret("cpp-co-none").get());
}

/// Stops come while calls end by themselves.
void stops_and_ends_meet(const libkv::SecretClient &client) {
  for (int i = 0; i < 50; i++) {
    std::stop_source stop;
    auto future = client.async(stop.get_token()).try_get_secret("cpp-co-none").future();
    std::jthread stopper([&] { stop.request_stop(); });
    try {
      CHECK(!future.get());
    } catch (const libkv::Error &error) {
      CHECK(error.kind() == libkv::ErrorKind::cancelled);
    }
  }
}

void a_suspended_coroutine_may_be_destroyed() {
  Gate gate;
  const auto client = gate.client();
  auto suspended = expect_cancelled(client.async().get_secret("cpp-co"));
  suspended.handle.destroy();
  CHECK(suspended.end.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
  gate.open.set_value();
}

} // namespace

int main() {
  const auto client = open_client();
  a_day(client).end.get();
  many_coroutines(client);
  stop_tokens();
  stops_and_ends_meet(client);
  a_suspended_coroutine_may_be_destroyed();
  return summary();
}

#else

int main() { return summary(); }

#endif
