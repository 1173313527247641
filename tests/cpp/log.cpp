// What libkv tells of what it does, and its end.

#include "open.hpp"

namespace {

void records_are_told(const libkv::SecretClient &client) {
  struct Gone {
    std::promise<void> promise;
    ~Gone() { promise.set_value(); }
  };
  auto gone = std::make_shared<Gone>();
  auto future = gone->promise.get_future();
  std::vector<std::string> told;
  std::string operation;
  libkv::set_log(libkv::LogLevel::debug, [&, gone = std::move(gone)](const libkv::LogRecord &record) {
    CHECK(record.level <= libkv::LogLevel::debug && !record.message.empty());
    told.emplace_back(record.target);
    for (const auto &[name, value] : record.fields)
      if (name == "operation") operation = value;
    throw std::out_of_range("dropped");
  });
  CHECK(!client.try_get_secret("cpp-log-none"));
  libkv::set_log(libkv::LogLevel::debug, nullptr);
  CHECK(future.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  CHECK(!told.empty() && told.back() == "libkv::operation" && operation == "try_get_secret");
  const auto count = told.size();
  CHECK(!client.try_get_secret("cpp-log-none") && told.size() == count);
}

void wrong_levels_are_refused() {
  const auto error = error_of([] { libkv::set_log(static_cast<libkv::LogLevel>(9), [](const libkv::LogRecord &) {}); });
  CHECK(error.kind() == libkv::ErrorKind::invalid_argument && error.message().rfind("level:", 0) == 0);
}

void a_shutdown_ends_calls_and_the_next_starts_anew(const libkv::SecretClient &client) {
  std::promise<void> release;
  const auto token = [wait = release.get_future().share()](const libkv::TokenRequest &) {
    wait.wait();
    return libkv::AccessToken{given("VAULT_TOKEN")};
  };
  {
    const libkv::SecretClient held(given("VAULT_URL"), {{"ca_file", given("VAULT_CA_FILE")}}, token);
    auto call = held.async().get_secret("cpp-log-none");
    auto future = held.async().get_secret("cpp-log-none").future();
    release.set_value();
    libkv::shutdown();
    CHECK(call.done() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
  }
  CHECK(!client.try_get_secret("cpp-log-none"));
  libkv::shutdown();
}

} // namespace

int main() {
  const auto client = open_client();
  records_are_told(client);
  wrong_levels_are_refused();
  a_shutdown_ends_calls_and_the_next_starts_anew(client);
  return summary();
}
