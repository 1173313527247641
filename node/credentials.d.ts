/** What a {@link SecretClient} takes tokens from; the default is {@link DefaultAzureCredential}. */
export type Credential =
  | TokenCredential
  | DefaultAzureCredential
  | EnvironmentCredential
  | WorkloadIdentityCredential
  | ManagedIdentityCredential
  | AzureCliCredential
  | AzurePowerShellCredential
  | AzureDeveloperCliCredential
  | ClientSecretCredential
  | ClientCertificateCredential
  | StaticTokenCredential;

/**
 * Any object that gives tokens, such as a credential of `@azure/identity`.
 *
 * The client keeps the token, asks once for however many calls, asks again ahead of expiry, and after the vault has asked for
 * more claims. What is thrown becomes the `cause` of an {@link AuthenticationError}, with its name and message in that
 * error's message. A fetch ahead of expiry does not keep the process alive.
 */
export interface TokenCredential {
  /** Fetches a token for the scopes. It need not cache. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>;
}

/** What a token is wanted for, besides its scopes. */
export interface GetTokenOptions {
  /**
   * Aborts when the token is wanted no more, because the vault asks for another or the client is gone. The end of a call that
   * waits for it does not: those after it wait for the same token.
   */
  abortSignal?: AbortSignal;
  /** The tenant that the vault's challenge names. */
  tenantId?: string;
  /** Claims that the token must satisfy (continuous access evaluation), as JSON. */
  claims?: string;
  /** Whether the token may be one that can be revoked before it expires; the client passes true. */
  enableCae?: boolean;
}

/** A token, and how long it is good. */
export interface AccessToken {
  /** The bearer token; not empty. */
  token: string;
  /** When it stops being accepted, in milliseconds since 1970. */
  expiresOnTimestamp: number;
  /** When to ask for another one, in milliseconds since 1970. Default five minutes before it expires. */
  refreshAfterTimestamp?: number;
}

/**
 * Tries {@link EnvironmentCredential}, {@link WorkloadIdentityCredential}, {@link ManagedIdentityCredential},
 * {@link AzureCliCredential}, {@link AzurePowerShellCredential} and {@link AzureDeveloperCliCredential} in turn, or those that
 * `AZURE_TOKEN_CREDENTIALS` names, and stays with the first that gives a token.
 */
export class DefaultAzureCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(options?: DefaultAzureCredentialOptions);
  readonly #private;
}

/** What the sources of the chain are asked for. */
export interface DefaultAzureCredentialOptions extends DeveloperCredentialOptions, AuthorityOptions {
  /** The client id of a managed or workload identity. */
  managedIdentityClientId?: string;
  /** The Azure resource id of a managed identity. */
  managedIdentityResourceId?: string;
}

/**
 * The application of `AZURE_TENANT_ID` and `AZURE_CLIENT_ID`, with the secret of `AZURE_CLIENT_SECRET` or else the certificate
 * of `AZURE_CLIENT_CERTIFICATE_PATH`.
 */
export class EnvironmentCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(options?: AuthorityOptions);
  readonly #private;
}

/** The identity of a Kubernetes pod. */
export class WorkloadIdentityCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(options?: WorkloadIdentityCredentialOptions);
  readonly #private;
}

/** Which workload identity, where the pod's variables do not say. */
export interface WorkloadIdentityCredentialOptions extends AuthorityOptions {
  /** Default `AZURE_TENANT_ID`. */
  tenantId?: string;
  /** Default `AZURE_CLIENT_ID`. */
  clientId?: string;
  /** The file that holds the pod's token. Default `AZURE_FEDERATED_TOKEN_FILE`. */
  tokenFilePath?: string;
}

/** The identity that Azure gives to a machine, an app or a job. */
export class ManagedIdentityCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(options?: ManagedIdentityCredentialOptions);
  /** @param clientId - The client id of one among several. */
  constructor(clientId: string);
  readonly #private;
}

/** Which identity of several; at most one member. */
export interface ManagedIdentityCredentialOptions {
  /** The client id. */
  clientId?: string;
  /** The object id. */
  objectId?: string;
  /** The Azure resource id. */
  resourceId?: string;
}

/** Who is signed in to the Azure CLI, `az`. */
export class AzureCliCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(options?: DeveloperCredentialOptions);
  readonly #private;
}

/** Who is signed in to Azure PowerShell. */
export class AzurePowerShellCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(options?: DeveloperCredentialOptions);
  readonly #private;
}

/** Who is signed in to the Azure Developer CLI, `azd`. */
export class AzureDeveloperCliCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(options?: DeveloperCredentialOptions);
  readonly #private;
}

/** Where a developer's tool is asked. */
export interface DeveloperCredentialOptions {
  /** The tenant to ask. Default the one that the vault names. */
  tenantId?: string;
}

/** An application of Microsoft Entra ID with a secret. The secret is not shown when printed. */
export class ClientSecretCredential {
  /**
   * @param tenantId - The directory's id or domain.
   * @param clientId - The application's id.
   * @throws {@link InvalidArgumentError}
   */
  constructor(tenantId: string, clientId: string, clientSecret: string, options?: AuthorityOptions);
  readonly #private;
}

/** An application of Microsoft Entra ID with a certificate. */
export class ClientCertificateCredential {
  /**
   * @param tenantId - The directory's id or domain.
   * @param clientId - The application's id.
   * @param certificate - A PEM or PFX file with the certificate and its RSA key, or that with its password.
   * @throws {@link InvalidArgumentError}
   */
  constructor(tenantId: string, clientId: string, certificate: string | CertificateFile, options?: AuthorityOptions);
  readonly #private;
}

/** A file with a certificate and its key. */
export interface CertificateFile {
  /** Where it is. */
  certificatePath: string;
  /** Its password, if it has one. */
  certificatePassword?: string;
}

/** Who gives the tokens. */
export interface AuthorityOptions {
  /** The token authority's https URL. Default `AZURE_AUTHORITY_HOST`, or else that of the vault's cloud. */
  authorityHost?: string;
}

/** A bearer token that is used as it is until it expires. It is not shown when printed. */
export class StaticTokenCredential {
  /** @throws {@link InvalidArgumentError} */
  constructor(token: string);
  readonly #private;
}
