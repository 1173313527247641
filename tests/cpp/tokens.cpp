// Tokens from a callable, what it throws, and a diagnosis.

#include <libkv.hpp>

#include "../c/check.h"

#include <future>
#include <stdexcept>

namespace {

libkv::SecretClient open_with(libkv::TokenCallback callback) {
  return libkv::SecretClient(given("VAULT_URL"), {{"ca_file", given("VAULT_CA_FILE")}}, std::move(callback));
}

libkv::AccessToken good_token() {
  using std::chrono::hours;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {given("VAULT_TOKEN"), now + hours(2), now + hours(1)};
}

void a_callable_is_asked_once() {
  struct Seen {
    std::vector<libkv::TokenRequest> requests;
    std::promise<void> destroyed;
    ~Seen() { destroyed.set_value(); }
  };
  auto seen = std::make_shared<Seen>();
  auto destroyed = seen->destroyed.get_future();
  auto *requests = &seen->requests;
  {
    auto client = open_with([seen = std::move(seen)](const libkv::TokenRequest &request) {
      seen->requests.push_back(request);
      return good_token();
    });
    auto moved = std::move(client);
    CHECK(!moved.try_get_secret("cpp-tokens-none") && !moved.try_get_secret("cpp-tokens-none"));
    CHECK(requests->size() == 1 && requests->front().scope.rfind("https://localhost", 0) == 0);
    CHECK(requests->front().tenant_id && !requests->front().claims);
  }
  CHECK(destroyed.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
}

/// The message of the exception that another one nests.
std::string nested_in(const std::exception &outer) {
  try {
    std::rethrow_if_nested(outer);
  } catch (const std::exception &inner) {
    return inner.what();
  } catch (int number) {
    return std::to_string(number);
  }
  return "";
}

template <class Thrown>
void what_a_callable_throws_is_the_cause(Thrown thrown, const std::string &text, const std::string &nested) {
  const auto client = open_with([=](const libkv::TokenRequest &) -> libkv::AccessToken { throw thrown; });
  try {
    client.get_secret("cpp-tokens-none");
    CHECK(false && "something was thrown");
  } catch (const libkv::Error &error) {
    CHECK(error.kind() == libkv::ErrorKind::authentication && error.cause());
    CHECK(error.message() == "the token callback failed: " + text && nested_in(error) == nested);
  }
  libkv::GetSecretsOptions options;
  options.names = {"cpp-tokens-none"};
  const auto result = *client.get_secrets(options).next();
  try {
    result.value();
    CHECK(false && "something was thrown");
  } catch (const libkv::Error &error) {
    CHECK(nested_in(error) == nested && error.cause() == result.error->cause());
  }
  const auto steps = client.diagnose();
  CHECK(steps.size() == 7 && steps[5].name == "token" && steps[5].verdict == "failed" && !steps[5].advice);
  CHECK(steps[5].detail == "the token callback failed: " + text && steps[6].verdict == "skipped");
}

void what_cannot_be_a_token_is_refused() {
  const auto client = open_with([](const libkv::TokenRequest &) { return libkv::AccessToken{""}; });
  try {
    client.get_secret("cpp-tokens-none");
    CHECK(false && "something was thrown");
  } catch (const libkv::Error &error) {
    CHECK(error.message() == "the token callback failed: invalid_argument: token: must not be empty");
  }
}

void other_failures_nest_nothing() {
  const auto client = open_with([](const libkv::TokenRequest &) { return good_token(); });
  try {
    client.get_secret("cpp-tokens-none");
    CHECK(false && "something was thrown");
  } catch (const libkv::Error &error) {
    CHECK(error.kind() == libkv::ErrorKind::not_found && !error.cause() && nested_in(error).empty());
  }
}

void a_callable_may_use_a_client_of_its_own() {
  const auto inner =
      std::make_shared<libkv::SecretClient>(open_with([](const libkv::TokenRequest &) { return good_token(); }));
  inner->set_secret("cpp-tokens-token", given("VAULT_TOKEN"));
  const auto client = open_with([=](const libkv::TokenRequest &) {
    return libkv::AccessToken{std::string(inner->get_secret("cpp-tokens-token").value())};
  });
  CHECK(!client.try_get_secret("cpp-tokens-none"));
  for (const auto &step : client.diagnose()) {
    CHECK(step.verdict == "ok" && step.elapsed.count() >= 0);
    CHECK(step.detail.find(given("VAULT_TOKEN")) == std::string::npos);
  }
}

} // namespace

int main() {
  a_callable_is_asked_once();
  what_a_callable_throws_is_the_cause(std::out_of_range("no badge"), "no badge", "no badge");
  what_a_callable_throws_is_the_cause(7, "it threw something that is not a std::exception", "7");
  what_cannot_be_a_token_is_refused();
  other_failures_nest_nothing();
  a_callable_may_use_a_client_of_its_own();
  return summary();
}
