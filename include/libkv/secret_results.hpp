/// The results of operations on many secrets.

#ifndef LIBKV_SECRET_RESULTS_HPP
#define LIBKV_SECRET_RESULTS_HPP

#include "list.hpp"
#include "secret.hpp"

namespace libkv {

/// The results of an operation on many secrets, in order, while others are under way. They can be gone through once.
///
///     for (const auto &result : client.get_secrets())
///       if (result.error) std::cerr << result.name << ": " << result.error->what() << '\n';
///
/// Nothing is sent before the first result is asked for. What is under way goes on between two of them; destroying this
/// cancels it, which leaves open whether a set that was under way has been applied. In the child of a fork, asking for
/// a result fails with ErrorKind::invalid_state. Those of Async are read by next() alone.
template <class Mode>
class BasicSecretResults {
public:
  class iterator : public detail::InputIterator<iterator, typename Mode::template Of<SecretResult>> {
  public:
    iterator() = default;
    explicit iterator(BasicSecretResults &results) : results_(&results) { advance(); }

    void advance() {
      this->current_.reset();
      if (!results_) return;
      auto next = Mode::result(results_->next());
      if (!next || !*next) results_ = nullptr;
      if (!next)
        this->current_.emplace(Mode::give(Result<SecretResult>(next.error())));
      else if (*next)
        this->current_.emplace(Mode::give(Result<SecretResult>(**std::move(next))));
    }

  private:
    BasicSecretResults *results_ = nullptr;
  };

  /// Waits for the next result; none behind the last one. Fails as the list of the vault's secrets does, after the
  /// results of those listed before.
  typename Mode::template Of<std::optional<SecretResult>> next() {
    const auto make = [told = told_, on_progress = on_progress_](detail::Owned<libkv_secret_result> raw) {
      if (raw && on_progress) on_progress(*told);
      return detail::From<std::optional<SecretResult>>::make(std::move(raw));
    };
    return mode_.call(make, libkv_secret_results_next, libkv_secret_results_next_async, raw_.get());
  }

  /// Waits for the first of the results that are left.
  iterator begin() { return iterator(*this); }
  iterator end() { return iterator(); }

  /// For SecretClient: begins an operation by a C function that takes options and gives results.
  template <class Options, class Function, class... Arguments>
  static typename Mode::template Made<BasicSecretResults> begin(const Mode &mode, const Options &options,
                                                                Function *function, const Arguments &...arguments) {
    const auto told = std::make_shared<Progress>();
    const auto make = [&](detail::Owned<libkv_secret_results> raw) {
      return BasicSecretResults(mode, std::move(raw), options.on_progress, told);
    };
    return Mode::made(
        detail::attempt(make, function, arguments..., detail::Tracked<Options>{options, tell, told.get()}));
  }

private:
  BasicSecretResults(Mode mode, detail::Owned<libkv_secret_results> raw, OnProgress on_progress,
                     std::shared_ptr<const Progress> told)
      : mode_(std::move(mode)), raw_(std::move(raw)), on_progress_(std::move(on_progress)), told_(std::move(told)) {}

  static void tell(void *told, std::size_t done, std::size_t total) {
    *static_cast<Progress *>(told) = {done, total == SIZE_MAX ? std::nullopt : std::optional(total)};
  }

  Mode mode_;
  detail::Owned<libkv_secret_results> raw_;
  OnProgress on_progress_;
  /// What C was last told. A call that is under way keeps it, too.
  std::shared_ptr<const Progress> told_;
};

using SecretResults = BasicSecretResults<Throwing>;

} // namespace libkv

#endif // LIBKV_SECRET_RESULTS_HPP
