//! Which proxy requests go through, if any.

use reqwest::{NoProxy, Proxy};

use crate::{
    environment::Environment,
    error::{Error, Result},
    options::Config,
};

/// What turns the environment's proxy off.
const NONE: &str = "none";
/// Hosts that no proxy of the environment is for.
const LOCAL: &str = "localhost,127.0.0.0/8,::1";

/// Returns the proxy that the options name, or else the environment. Plain HTTP, which only loopback hosts and the endpoints of
/// managed identities speak, never goes through one.
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) that names the option or the variable, without the URL: it may hold a password.
pub(crate) fn of(config: &Config) -> Result<Option<Proxy>> {
    match config.proxy.expose() {
        "" => of_environment(&config.environment),
        NONE => Ok(None),
        url => parse("proxy", url).map(Some),
    }
}

fn of_environment(environment: &Environment) -> Result<Option<Proxy>> {
    let either = |name: &str| environment.get(name).or_else(|| environment.get(&name.to_ascii_lowercase()));
    for name in ["HTTPS_PROXY", "ALL_PROXY"] {
        if let Some(url) = either(name) {
            let direct = [LOCAL, &either("NO_PROXY").unwrap_or_default()].join(",");
            return Ok(Some(parse(name, &url)?.no_proxy(NoProxy::from_string(&direct))));
        }
    }
    Ok(None)
}

fn parse(origin: &str, url: &str) -> Result<Proxy> {
    let rule = || Error::invalid_config(origin, "must be the http or https URL of a proxy");
    // Some write the host alone.
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let parsed = url::Url::parse(&url).map_err(|_| rule())?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return Err(rule());
    }
    Proxy::https(url).map_err(|_| rule())
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpListener,
        thread::{self, JoinHandle},
    };

    use http::Method;

    use super::*;
    use crate::{
        ClientOptions,
        transport::{HttpTransport, Reach, Transport},
    };

    fn config(proxy: &str, variables: &[(&str, &str)]) -> Config {
        let options = ClientOptions::from_iter(Some(("proxy", proxy)).filter(|(_, url)| !url.is_empty()));
        Config { environment: Environment::of(variables), ..Config::new(options).unwrap() }
    }

    /// A proxy that refuses, and the lines that it was sent.
    fn refusing() -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let lines = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let lines = lines.take_while(|line| !line.is_empty()).collect();
            (&stream).write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").unwrap();
            lines
        });
        (address, lines)
    }

    async fn send(config: &Config, url: &str) -> Reach {
        let transport = HttpTransport::new(config).unwrap();
        assert!(!format!("{transport:?}").contains("hunter2"), "{transport:?}");
        let request = reqwest::Request::new(Method::GET, url.parse().unwrap());
        transport.send(request).await.unwrap_err().reach
    }

    #[tokio::test]
    async fn requests_go_through_the_proxy_with_its_password() {
        let (address, lines) = refusing();
        let config = config(&format!("http://user:hunter2@{address}"), &[("NO_PROXY", "*")]);
        assert_eq!(send(&config, "https://kv.vault.azure.net/secrets/n").await, Reach::NotSent);
        let lines = lines.join().unwrap();
        assert_eq!(lines[0], "CONNECT kv.vault.azure.net:443 HTTP/1.1");
        let authorization = "proxy-authorization: Basic dXNlcjpodW50ZXIy";
        assert!(lines.iter().any(|line| line.eq_ignore_ascii_case(authorization)), "{lines:?}");
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[tokio::test]
    async fn the_environment_names_a_proxy_and_whom_it_is_not_for() {
        let (address, lines) = refusing();
        let variables = [("https_proxy", address.as_str()), ("NO_PROXY", "other.example")];
        send(&config("", &variables), "https://kv.example/").await;
        assert_eq!(lines.join().unwrap()[0], "CONNECT kv.example:443 HTTP/1.1");
        // Nobody listens at the proxy any more, nor at this port: only the one that is asked can refuse.
        let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (elsewhere, lines) = refusing();
        let variables = [("HTTPS_PROXY", elsewhere.as_str())];
        send(&config("", &variables), &format!("https://localhost:{}/", unused.port())).await;
        assert!(!lines.is_finished());
        send(&config("", &variables), "https://kv.example/").await;
        assert_eq!(lines.join().unwrap()[0], "CONNECT kv.example:443 HTTP/1.1");
    }

    #[test]
    fn a_proxy_that_is_none_is_named_without_its_password() {
        for url in ["socks5://user:hunter2@p", "http://", "http://user:hunter2@"] {
            let error = of(&config(url, &[])).unwrap_err();
            assert!(
                error.message().starts_with("proxy: must be") && !error.message().contains("hunter2"),
                "{error}"
            );
        }
        let error = of(&config("", &[("HTTPS_PROXY", "ftp://p")])).unwrap_err();
        assert!(error.message().starts_with("HTTPS_PROXY: must be"), "{error}");
        assert!(of(&config("none", &[("HTTPS_PROXY", "ftp://p")])).unwrap().is_none());
    }
}
