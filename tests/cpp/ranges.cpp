// Lists and results as the ranges of C++20.

#include "open.hpp"

#if __cplusplus >= 202002L

#include <algorithm>
#include <ranges>

namespace {

template <class Range>
constexpr bool is_lazy_input =
    std::ranges::input_range<Range> && std::ranges::viewable_range<Range> && !std::ranges::forward_range<Range>;

static_assert(is_lazy_input<libkv::List<libkv::SecretProperties>>);
static_assert(is_lazy_input<const libkv::List<libkv::DeletedSecret> &>);
static_assert(is_lazy_input<libkv::Pages<libkv::SecretProperties>>);
static_assert(is_lazy_input<libkv::SecretResults>);
static_assert(is_lazy_input<libkv::List<libkv::SecretProperties, libkv::NoThrow>>);
static_assert(is_lazy_input<libkv::BasicSecretResults<libkv::NoThrow>>);

void views(const libkv::SecretClient &client) {
  for (const char *name : {"cpp-other", "cpp-ranges-a", "cpp-ranges-b", "cpp-ranges-c"}) client.set_secret(name, name);
  libkv::ListOptions options;
  options.max_page_size = 1;
  const auto before = client.stats().requests;
  auto names = client.list_properties_of_secrets(options) | std::views::transform(&libkv::SecretProperties::name) |
               std::views::filter([](const std::string &name) { return name.rfind("cpp-ranges-", 0) == 0; }) |
               std::views::take(1);
  CHECK(client.stats().requests == before);
  // take looks for one more than it gives.
  std::size_t count = 0;
  for (const std::string &name : names) count += name == "cpp-ranges-a";
  CHECK(count == 1 && client.stats().requests == before + 3);

  libkv::GetSecretsOptions get;
  get.names = {"cpp-ranges-a", "cpp-ranges-none", "cpp-ranges-b"};
  const auto has_failed = [](const libkv::SecretResult &result) { return result.error.has_value(); };
  CHECK(std::ranges::count_if(client.get_secrets(get), has_failed) == 1);
}

} // namespace

int main() {
  views(open_client());
  return summary();
}

#else

int main() { return summary(); }

#endif
