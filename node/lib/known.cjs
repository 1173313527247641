'use strict';

const KnownDeletionRecoveryLevel = {
  Purgeable: 'Purgeable',
  RecoverablePurgeable: 'Recoverable+Purgeable',
  Recoverable: 'Recoverable',
  RecoverableProtectedSubscription: 'Recoverable+ProtectedSubscription',
  CustomizedRecoverablePurgeable: 'CustomizedRecoverable+Purgeable',
  CustomizedRecoverable: 'CustomizedRecoverable',
  CustomizedRecoverableProtectedSubscription: 'CustomizedRecoverable+ProtectedSubscription',
};

const KnownContentType = {
  PFX: 'application/x-pkcs12',
  PEM: 'application/x-pem-file',
};

module.exports = { KnownContentType, KnownDeletionRecoveryLevel };
