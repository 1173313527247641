/// Tokens from a callable of the program.

#ifndef LIBKV_TOKEN_HPP
#define LIBKV_TOKEN_HPP

#include <functional>

#include "detail/attempt.hpp"

namespace libkv {

/// What a token is wanted for.
struct TokenRequest {
  std::string scope;                    ///< The scope, such as https://vault.azure.net/.default.
  std::optional<std::string> tenant_id; ///< The tenant that the vault's challenge names, if it has been asked.
  std::optional<std::string> claims;    ///< Claims that the token must satisfy, as JSON, if the vault asks for some.
};

/// A bearer token and how long it is good for.
struct AccessToken {
  std::string token;                ///< The token.
  std::optional<Time> expires_on{}; ///< When it stops being accepted. Default: it is used until the vault refuses it.
  std::optional<Time> refresh_on{}; ///< When to ask for another. Default: 5 minutes ahead of its end.
};

/// Gives a token when a client has none or wants another, once for however many calls wait; it need not cache.
///
///     libkv::SecretClient client(vault_url, {}, [](const libkv::TokenRequest &request) {
///       return libkv::AccessToken{token_from_my_login(request.scope)};
///     });
///
/// It is called by threads that libkv starts for it, several at a time where several clients want a token. It may
/// block, and may use other clients; a call waits for it within its deadline. What it throws fails the call, with
/// ErrorKind::authentication and the exception as its cause. It is destroyed when the last client that has it and what
/// is under way are gone, and may still run when the program ends.
using TokenCallback = std::function<AccessToken(const TokenRequest &)>;

namespace detail {

inline void fail(const libkv_token_reply *reply, const char *message) {
  libkv_token_reply_fail(reply, message, new std::exception_ptr(std::current_exception()), destroy<std::exception_ptr>,
                         nullptr);
}

/// Answers a request for a token by a callback of C++, whose exceptions must not reach C.
inline void answer(void *callback, const libkv_token_request *request, libkv_token_reply *raw_reply) noexcept {
  const Owned<libkv_token_reply> reply(raw_reply);
  try {
    auto given = (*static_cast<const TokenCallback *>(callback))(
        {text(request->scope), optional_text(request->tenant_id), optional_text(request->claims)});
    const auto sent = attempt(Make<void>(), libkv_token_reply_send, reply.get(), given.token.data(), given.token.size(),
                              c_time(given.expires_on), c_time(given.refresh_on));
    for (volatile char &byte : given.token) byte = '\0'; // Volatile, or the compiler would leave it out.
    sent.value();
  } catch (const std::exception &thrown) {
    fail(reply.get(), thrown.what());
  } catch (...) {
    fail(reply.get(), "it threw something that is not a std::exception");
  }
}

} // namespace detail

} // namespace libkv

#endif // LIBKV_TOKEN_HPP
