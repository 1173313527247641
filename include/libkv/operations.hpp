/// What a client can do in its vault.

#ifndef LIBKV_OPERATIONS_HPP
#define LIBKV_OPERATIONS_HPP

#include "poller.hpp"
#include "secret_results.hpp"

namespace libkv {

/// The operations of a client. What an Of<Secret> is, is up to the mode: Throwing gives a Secret, NoThrow a
/// Result<Secret> and Async a Call<Secret>.
///
/// Lists and the results of many secrets send nothing when they are made. Copies share the client, and keep it.
template <class Mode>
class Operations {
public:
  template <class T>
  using Of = typename Mode::template Of<T>;

  /// Goes the way to the vault step by step: name, connection, TLS, what token the vault asks for, the clock, the
  /// token, and one harmless call, which lists at most one secret without its value. A step that fails, or that the
  /// deadline cuts short, is no failure of the call. The claims of the token are shown, the token is not.
  Of<std::vector<DiagnosisStep>> diagnose(const CallOptions &options = {}) const {
    return call<std::vector<DiagnosisStep>>(libkv_diagnose, libkv_diagnose_async, options);
  }

  /// Makes a new version of a secret, and the secret if there is none. Nothing is inherited from the version
  /// before.
  ///
  /// `on_conflict` says what to do about a soft-deleted secret of the name. "fail" leaves it. "recover" brings it back
  /// with its versions and writes on top. "purge" removes it for good and writes the first version of a new one; that
  /// needs the purge permission and a vault without purge protection. Both wait, within the deadline, for a deletion,
  /// recovery or purge under way.
  ///
  /// `if_changed` writes only what differs from the newest version in value, content type, tags or another property; a
  /// set that changes nothing gives that version. `if_absent` writes only where no secret has the name; one that has
  /// it, disabled or not, fails with ErrorKind::already_exists. Both read the secret first, which needs the permission;
  /// two callers that read before either writes make two versions.
  Of<Secret> set_secret(std::string_view name, std::string_view value, const SetSecretOptions &options = {}) const {
    return call<Secret>(libkv_set_secret, libkv_set_secret_async, Text{"name", name}, detail::c_data(value.data()),
                        value.size(), options);
  }

  /// Reads a secret with its value.
  Of<Secret> get_secret(std::string_view name, const GetSecretOptions &options = {}) const {
    return call<Secret>(libkv_get_secret, libkv_get_secret_async, Text{"name", name},
                        detail::OptionalText{"version", options.version}, options);
  }

  /// Reads a secret as get_secret does, but gives none where the vault has no such secret or version. A soft-deleted
  /// secret is none; a disabled one fails.
  Of<std::optional<Secret>> try_get_secret(std::string_view name, const GetSecretOptions &options = {}) const {
    return call<std::optional<Secret>>(libkv_try_get_secret, libkv_try_get_secret_async, Text{"name", name},
                                       detail::OptionalText{"version", options.version}, options);
  }

  /// Reads many secrets with their values: all that the vault lists, those of a prefix or with tags, or those of these
  /// names. A secret that fails, such as a disabled one, has its own error.
  typename Mode::template Made<BasicSecretResults<Mode>> get_secrets(const GetSecretsOptions &options = {}) const {
    return BasicSecretResults<Mode>::begin(mode_, options, libkv_get_secrets, client_.get());
  }

  /// Makes a new version of each of these secrets, as set_secret does, by name and value. The results come in the order
  /// of the names, each of which may occur once; a secret that fails has its own error.
  typename Mode::template Made<BasicSecretResults<Mode>>
  set_secrets(const std::vector<std::pair<std::string_view, std::string_view>> &values,
              const SetSecretsOptions &options = {}) const {
    return BasicSecretResults<Mode>::begin(mode_, options, libkv_set_secrets, client_.get(), values, values.size());
  }

  /// Reads a secret's versions without their values, from the newest to the oldest, the current one marked. Of several
  /// versions made in one second, the newest comes first and the others stand by their ids. Needs the permissions to
  /// list and to get.
  Of<std::vector<SecretVersion>> get_secret_history(std::string_view name, const CallOptions &options = {}) const {
    return call<std::vector<SecretVersion>>(libkv_get_secret_history, libkv_get_secret_history_async,
                                            Text{"name", name}, options);
  }

  /// Makes a new version with the value, content type and tags of an older one. Dates are not brought back, and the new
  /// version is enabled. A disabled version cannot be read, and fails with ErrorKind::secret_disabled.
  Of<Secret> rollback_secret(std::string_view name, std::string_view version, const CallOptions &options = {}) const {
    return call<Secret>(libkv_rollback_secret, libkv_rollback_secret_async, Text{"name", name},
                        Text{"version", version}, options);
  }

  /// Disables a secret's enabled versions except the newest `keep` of them, at least 1; gives those it disabled. The
  /// service cannot remove a version. A failure midway leaves disabled what has been; the same call again goes on.
  Of<std::vector<SecretProperties>> prune_secret_versions(std::string_view name, std::uint32_t keep,
                                                          const CallOptions &options = {}) const {
    return call<std::vector<SecretProperties>>(libkv_prune_secret_versions, libkv_prune_secret_versions_async,
                                               Text{"name", name}, keep, options);
  }

  /// Changes the properties of a version; the value cannot change.
  Of<SecretProperties> update_secret_properties(std::string_view name,
                                                const UpdateSecretPropertiesOptions &options = {}) const {
    return call<SecretProperties>(libkv_update_secret_properties, libkv_update_secret_properties_async,
                                  Text{"name", name}, detail::OptionalText{"version", options.version}, options);
  }

  /// Lists the vault's secrets without their values, by upper-cased name.
  List<SecretProperties, Mode> list_properties_of_secrets(const ListOptions &options = {}) const {
    const auto read = [self = *this](const ListOptions &page) {
      return self.template call<Page<SecretProperties>>(libkv_list_properties_of_secrets,
                                                        libkv_list_properties_of_secrets_async, page);
    };
    return {read, options};
  }

  /// Lists the versions of a secret without their values, by version id; an unknown name has none.
  List<SecretProperties, Mode> list_properties_of_secret_versions(std::string_view name,
                                                                  const ListOptions &options = {}) const {
    const auto read = [self = *this, name = std::string(name)](const ListOptions &page) {
      return self.template call<Page<SecretProperties>>(libkv_list_properties_of_secret_versions,
                                                        libkv_list_properties_of_secret_versions_async,
                                                        Text{"name", name}, page);
    };
    return {read, options};
  }

  /// Lists the vault's deleted secrets.
  List<DeletedSecret, Mode> list_deleted_secrets(const ListOptions &options = {}) const {
    const auto read = [self = *this](const ListOptions &page) {
      return self.template call<Page<DeletedSecret>>(libkv_list_deleted_secrets, libkv_list_deleted_secrets_async,
                                                     page);
    };
    return {read, options};
  }

  /// Begins to delete a secret with all its versions. Until its scheduled purge date it can be recovered.
  Of<Poller<DeletedSecret, Mode>> begin_delete_secret(std::string_view name, const PollerOptions &options = {}) const {
    return Poller<DeletedSecret, Mode>::begin(mode_, libkv_begin_delete_secret, libkv_begin_delete_secret_async,
                                              client_.get(), Text{"name", name}, options);
  }

  /// Reads a deleted secret, without its value.
  Of<DeletedSecret> get_deleted_secret(std::string_view name, const CallOptions &options = {}) const {
    return call<DeletedSecret>(libkv_get_deleted_secret, libkv_get_deleted_secret_async, Text{"name", name}, options);
  }

  /// Begins to bring a deleted secret back with all its versions.
  Of<Poller<SecretProperties, Mode>> begin_recover_deleted_secret(std::string_view name,
                                                                  const PollerOptions &options = {}) const {
    return Poller<SecretProperties, Mode>::begin(mode_, libkv_begin_recover_deleted_secret,
                                                 libkv_begin_recover_deleted_secret_async, client_.get(),
                                                 Text{"name", name}, options);
  }

  /// Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.
  ///
  /// `wait` waits, within the deadline, for a deletion under way before the purge, and for the deleted secret to be
  /// gone after it. The service can hold the name back for some seconds more, which only a set with `on_conflict`
  /// "purge" waits out.
  Of<void> purge_deleted_secret(std::string_view name, const PurgeDeletedSecretOptions &options = {}) const {
    return call<void>(libkv_purge_deleted_secret, libkv_purge_deleted_secret_async, Text{"name", name}, options);
  }

  /// Backs up a secret with all its versions into a blob that only Azure can read.
  Of<std::vector<std::uint8_t>> backup_secret(std::string_view name, const CallOptions &options = {}) const {
    return call<std::vector<std::uint8_t>>(libkv_backup_secret, libkv_backup_secret_async, Text{"name", name}, options);
  }

  /// Restores a backup, into a vault of the same subscription and geography; gives the newest version's
  /// properties.
  Of<SecretProperties> restore_secret_backup(const std::vector<std::uint8_t> &backup,
                                             const CallOptions &options = {}) const {
    return call<SecretProperties>(libkv_restore_secret_backup, libkv_restore_secret_backup_async,
                                  detail::c_data(backup.data()), backup.size(), options);
  }

protected:
  explicit Operations(std::shared_ptr<const libkv_client> client, Mode mode = {})
      : client_(std::move(client)), mode_(std::move(mode)) {}

  std::shared_ptr<const libkv_client> client_;

private:
  friend class SecretClient;
  using Text = detail::Text;

  template <class T, class Function, class AsyncFunction, class... Arguments>
  Of<T> call(Function *function, AsyncFunction *async_function, const Arguments &...arguments) const {
    return mode_.call(detail::Make<T>(), function, async_function, client_.get(), arguments...);
  }

  Mode mode_;
};

} // namespace libkv

#endif // LIBKV_OPERATIONS_HPP
