//! A port and the connections that come in through it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::uri::Scheme;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::{Handler, Line, connection};

/// How long a stop waits for requests that have begun.
const GRACE: Duration = Duration::from_secs(2);
/// How many connections may wait to be taken on; those beyond lose a second or more to a new attempt.
const BACKLOG: u32 = 4096;
/// How long to wait when the system has no more sockets to give.
const SCARCITY: Duration = Duration::from_millis(50);

/// A port that is open already, so that its number is known before anything is served.
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    pub fn bind(address: SocketAddr) -> std::io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // Lets a port be taken again while connections to its former owner fade away. Elsewhere it would let it be stolen.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let socket = socket.listen(BACKLOG)?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` turns true, over TLS if it is given.
    pub async fn serve(
        self,
        tls: Option<TlsAcceptor>,
        handler: Arc<impl Handler>,
        scheme: Scheme,
        stop: watch::Receiver<bool>,
    ) {
        let mut stopped = std::pin::pin!(connection::stopped(stop.clone()));
        let line = Line { scheme, port: self.address.port() };
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, _)) => {
                        let serve = connection::serve(stream, tls.clone(), handler.clone(), line.clone(), stop.clone());
                        connections.spawn(serve);
                    }
                    Err(_) => tokio::time::sleep(SCARCITY).await,
                },
                Some(_) = connections.join_next() => {}
                () = &mut stopped => break,
            }
        }
        drop(self.socket);
        let all_done = async { while connections.join_next().await.is_some() {} };
        // Whatever is not done by then is dropped with the set.
        let _ = tokio::time::timeout(GRACE, all_done).await;
    }
}
