"""Names of the official client for what is plain text to libkv."""

from enum import Enum


class ApiVersion(str, Enum):
    """Versions of the service's API, for the option `api_version`."""

    V2026_04_01 = "2026-04-01"
    V2025_07_01 = "2025-07-01"
    V7_6 = "7.6"
    V7_5 = "7.5"
    V7_4 = "7.4"
    V7_3 = "7.3"
    V7_2 = "7.2"
    V7_1 = "7.1"
    V7_0 = "7.0"
    V2016_10_01 = "2016-10-01"


class ContentType(str, Enum):
    """The content types of certificates' secrets."""

    PFX = "application/x-pkcs12"
    PEM = "application/x-pem-file"
