// Calls that nobody waits for, those that are waited for later, futures, and cancelling by destruction.

#include "open.hpp"

#include <algorithm>

namespace {

using std::chrono::seconds;

static_assert(std::is_nothrow_move_constructible_v<libkv::Call<libkv::Secret>>);
static_assert(!std::is_copy_constructible_v<libkv::Call<libkv::Secret>>);

/// A client whose calls wait for a token until it is let go on.
class HeldUp {
public:
  HeldUp() {
    const auto token = [wait = released_.get_future().share()](const libkv::TokenRequest &) {
      wait.wait();
      return libkv::AccessToken{given("VAULT_TOKEN")};
    };
    client.emplace(given("VAULT_URL"), libkv::ClientOptions{{"ca_file", given("VAULT_CA_FILE")}}, token);
  }
  ~HeldUp() {
    if (client) release();
  }
  void release() {
    released_.set_value();
    client.reset();
  }

  std::optional<libkv::SecretClient> client;

private:
  std::promise<void> released_;
};

void waited_for_later(const libkv::SecretClient &client) {
  auto written = client.async().set_secret("cpp-async", "value");
  CHECK(written.wait_for(seconds(30)) && written.done() && written.get().value() == "value");
  CHECK(!client.async().try_get_secret("cpp-async-none").get());
  CHECK(client.async().get_secret("cpp-async-none").result().error().kind() == libkv::ErrorKind::not_found);
  CHECK(error_of([&] { client.async().get_secret("cpp-async-none").get(); }).status() == 404);

  // Wrong arguments come out of the call, be it libkv.hpp that refuses them or C.
  auto cut = client.async().get_secret(std::string_view("a\0b", 3));
  CHECK(cut.done() && cut.result().error().message() == "name: must not hold a NUL");
  auto refused = client.async().get_secret("not/a/name");
  CHECK(refused.result().error().kind() == libkv::ErrorKind::invalid_argument);

  auto moved = client.async().get_secret("cpp-async");
  moved = client.async().get_secret("cpp-async");
  CHECK(moved.get().value() == "value");
}

void futures(const libkv::SecretClient &client) {
  std::vector<std::future<std::optional<libkv::Secret>>> all;
  for (int i = 0; i < 100; i++) all.push_back(client.async().try_get_secret("cpp-async").future());
  CHECK(std::all_of(all.begin(), all.end(), [](auto &one) { return one.get()->value() == "value"; }));
  auto missing = client.async().get_secret("cpp-async-none").future();
  CHECK(error_of([&] { missing.get(); }).kind() == libkv::ErrorKind::not_found);
  auto purged = client.async().purge_deleted_secret("cpp-async-none").future();
  CHECK(error_of([&] { purged.get(); }).kind() == libkv::ErrorKind::not_found);
  // Of a call that is done, and of one that nobody waits for.
  auto done = client.async().get_secret("cpp-async");
  CHECK(done.wait_for(seconds(30)) && std::move(done).future().get().value() == "value");
  static_cast<void>(client.async().get_secret("cpp-async").future());
}

void lists_and_pollers(const libkv::SecretClient &client) {
  for (const char *name : {"cpp-async-a", "cpp-async-b"}) client.set_secret(name, "v");
  libkv::ListOptions options;
  options.max_page_size = 1;
  const auto list = client.async().list_properties_of_secrets(options);
  const auto first = list.page().get();
  CHECK(first.items.size() == 1 && first.continuation_token);
  const auto second = list.page(first.continuation_token).get();
  CHECK(second.items.size() == 1 && second.items[0].name != first.items[0].name);

  auto poller = client.async().begin_delete_secret("cpp-async-a").get();
  poller.wait().get();
  CHECK(poller.done() && poller.poll().get() && poller.result()->deleted_date);
  // The looks outlive their poller.
  auto look = std::make_unique<decltype(poller)>(std::move(poller))->poll();
  CHECK(look.get());
}

void many(const libkv::SecretClient &client) {
  libkv::GetSecretsOptions options;
  options.names = {"cpp-async", "cpp-async-none"};
  std::size_t told = 0;
  options.on_progress = [&](const libkv::Progress &progress) {
    told = progress.done;
    if (progress.done == 2) throw std::out_of_range("told");
  };
  auto results = client.async().get_secrets(options);
  CHECK(results.next().get()->value().value() == "value" && told == 1);
  try {
    results.next().get();
    CHECK(false && "something was thrown");
  } catch (const std::out_of_range &thrown) {
    CHECK(thrown.what() == std::string("told"));
  }
  CHECK(!results.next().get());
  auto open = std::make_unique<decltype(results)>(client.async().get_secrets(options));
  const auto next = open->next();
  open.reset();
  options.concurrency = 0;
  CHECK(error_of([&] { client.async().get_secrets(options); }).kind() == libkv::ErrorKind::invalid_argument);
}

void cancelling() {
  HeldUp held;
  auto call = held.client->async().get_secret("cpp-async");
  CHECK(!call.wait_for(std::chrono::milliseconds(1)) && !call.done());
  call.cancel();
  CHECK(call.result().error().kind() == libkv::ErrorKind::cancelled);
}

/// What C has of a call is gone when the call has ended, which it does not by itself while its client is held up.
void destruction_cancels() {
  struct Gone {
    std::promise<void> promise;
    ~Gone() { promise.set_value(); }
  };
  HeldUp held;
  auto gone = std::make_shared<Gone>();
  auto future = gone->promise.get_future();
  libkv::GetSecretsOptions options;
  options.names = {"cpp-async"};
  options.on_progress = [gone = std::move(gone)](const libkv::Progress &) {};
  std::optional<libkv::Call<std::optional<libkv::SecretResult>>> call =
      held.client->async().get_secrets(options).next();
  options.on_progress = nullptr;
  CHECK(future.wait_for(std::chrono::milliseconds(1)) == std::future_status::timeout);
  call = held.client->async().get_secrets(options).next();
  CHECK(future.wait_for(seconds(30)) == std::future_status::ready);
}

void a_call_outlives_its_client() {
  HeldUp held;
  auto future = held.client->async().get_secret("cpp-async").future();
  held.release();
  CHECK(future.get().value() == "value");
}

} // namespace

int main() {
  const auto client = open_client();
  waited_for_later(client);
  futures(client);
  lists_and_pollers(client);
  many(client);
  cancelling();
  destruction_cancels();
  a_call_outlives_its_client();
  return summary();
}
