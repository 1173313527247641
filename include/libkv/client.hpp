/// A client of one vault.

#ifndef LIBKV_CLIENT_HPP
#define LIBKV_CLIENT_HPP

#include "call.hpp"
#include "operations.hpp"
#include "token.hpp"

namespace libkv {

/// A client of one vault. Make one per vault and use it from all threads. Its own operations wait and throw.
class SecretClient : public Operations<Throwing> {
public:
  /// Makes a client; sends nothing. Throws ErrorKind::invalid_config for a wrong URL or option.
  ///
  /// Tokens come from `token_callback`, if there is one, instead of from where the option credential says.
  explicit SecretClient(std::string_view vault_url, const ClientOptions &options = {},
                        TokenCallback token_callback = {})
      : SecretClient(open(vault_url, options, std::move(token_callback)).value()) {}

  /// Makes a client as the constructor does, and throws no error.
  static Result<SecretClient> open(std::string_view vault_url, const ClientOptions &options = {},
                                   TokenCallback token_callback = {}) {
    auto raw = detail::attempt(detail::Make<detail::Owned<libkv_options>>(), libkv_options_new);
    if (!raw) return raw.error();
    for (const auto &[key, value] : options) {
      const auto set = detail::attempt(detail::Make<void>(), libkv_options_set, raw->get(), detail::Text{"key", key},
                                       detail::Text{"value", value});
      if (!set) return set.error();
    }
    if (token_callback) {
      const auto set = detail::attempt(
          detail::Make<void>(), libkv_options_set_token_callback, raw->get(), detail::answer,
          static_cast<void *>(new TokenCallback(std::move(token_callback))), detail::destroy<TokenCallback>);
      if (!set) return set.error();
    }
    const auto make = [](detail::Owned<libkv_client> client) { return SecretClient(std::move(client)); };
    return detail::attempt(make, libkv_client_new, detail::Text{"vault_url", vault_url}, raw->get());
  }

  SecretClient(SecretClient &&) noexcept = default;
  SecretClient &operator=(SecretClient &&) noexcept = default;

  /// The operations that give a libkv::Result.
  Operations<NoThrow> nothrow() const { return Operations<NoThrow>(client_); }

  /// The operations that give a libkv::Call, which can be awaited.
  Operations<Async> async() const { return Operations<Async>(client_); }

#ifdef __cpp_lib_jthread
  /// The same, cancelled when a stop is requested.
  Operations<Async> async(std::stop_token token) const { return Operations<Async>(client_, Async(std::move(token))); }
#endif

  /// The vault's URL, without a trailing slash.
  std::string vault_url() const { return libkv_client_vault_url(client_.get()); }

  /// What the client has done since it was made.
  Stats stats() const { return detail::attempt(detail::Make<Stats>(), libkv_client_stats, client_.get()).value(); }

  /// Refuses calls from here on, with ErrorKind::invalid_state. Those under way go on, and so do pollers and the
  /// results of many secrets.
  void close() const noexcept { libkv_client_close(client_.get()); }

private:
  explicit SecretClient(detail::Owned<libkv_client> client) : Operations(std::move(client)) {}
};

} // namespace libkv

#endif // LIBKV_CLIENT_HPP
