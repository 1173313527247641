//! What a connection is made of, layer by layer.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use crate::{
    advice,
    error::{Error, ErrorKind, Result},
    options::Config,
    tls,
    transport::Reach,
    vault_url::is_localhost,
};

/// Finds a host's addresses. Answers loopback names itself, because many systems do not resolve `NAME.localhost`; asks the system
/// for all others.
pub(crate) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if is_localhost(host) {
        let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        return Ok(loopback.map(|address| SocketAddr::new(address, port)).into());
    }
    let found = lookup_host((host.trim_matches(['[', ']']), port)).await.map(Iterator::collect::<Vec<_>>);
    let found =
        found.and_then(|all| if all.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(all) });
    found.map_err(|e| io::Error::new(e.kind(), format!("{host} has no address: {e}")))
}

/// Connects to the first address that answers.
pub(crate) async fn connect(addresses: &[SocketAddr]) -> io::Result<(TcpStream, SocketAddr)> {
    let mut last = io::ErrorKind::NotFound.into();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok((stream, *address)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Agrees on TLS, and says on what.
pub(crate) async fn handshake(stream: TcpStream, host: &str, config: &Config) -> Result<String> {
    let config = tls::client_config(config)?;
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|e| Error::new(ErrorKind::Network, e.to_string()))?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|e| {
        let advice = advice::on_transport_failure(Reach::Distrusted).map(str::to_owned);
        Error::new(ErrorKind::Network, e.to_string()).with_advice(advice)
    })?;
    let (_, session) = stream.get_ref();
    let version = session.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default();
    let protocol = String::from_utf8_lossy(session.alpn_protocol().unwrap_or(b"http/1.1")).into_owned();
    Ok(format!("{version}, {protocol}, and the certificate is trusted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_without_an_address_is_named() {
        let error = resolve("no..host", 443).await.unwrap_err();
        assert!(error.to_string().starts_with("no..host has no address: "), "{error}");
    }
}
