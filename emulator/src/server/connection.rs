//! One client's connection, and how a fault ends it.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;

use super::{Handler, Line};
use crate::reply::Outcome;

const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a peer may ask nothing, take nothing of an answer, or be gone without a word.
const IDLE: Duration = Duration::from_secs(60);
/// How long half an answer has to get out before its connection ends.
const FLUSH: Duration = Duration::from_millis(20);

/// Serves a connection until either side ends it, or until `stop` turns true and what was begun is answered.
pub(crate) async fn serve(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    handler: Arc<impl Handler>,
    line: Line,
    stop: watch::Receiver<bool>,
) {
    // Failing to set an option leaves a slower connection, or one that is gone already.
    let _ = stream.set_nodelay(true);
    let ending = Arc::new(Ending::default());
    let socket = Socket { stream, ending: ending.clone(), stalled: None };
    let Some(acceptor) = tls else {
        return http_1(socket, handler, line, ending, stop).await;
    };
    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await else { return };
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        http_2(stream, handler, line, ending, stop).await;
    } else {
        http_1(stream, handler, line, ending, stop).await;
    }
}

async fn http_1(
    io: impl AsyncRead + AsyncWrite + Unpin + 'static,
    handler: Arc<impl Handler>,
    line: Line,
    ending: Arc<Ending>,
    stop: watch::Receiver<bool>,
) {
    let service = service_fn(|request| answer(&*handler, &line, &ending, request));
    let mut builder = http1::Builder::new();
    // A client that sends no more may still wait for its answer.
    builder.timer(TokioTimer::new()).header_read_timeout(IDLE).half_close(true);
    drive(builder.serve_connection(TokioIo::new(io), service), &ending, stop).await;
}

async fn http_2(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    handler: Arc<impl Handler>,
    line: Line,
    ending: Arc<Ending>,
    stop: watch::Receiver<bool>,
) {
    let (ends, asked) = (ending.clone(), Arc::new(AtomicBool::new(false)));
    let seen = asked.clone();
    // Each stream is a task of its own here, so it needs its own handles.
    let service = service_fn(move |request| {
        seen.store(true, Ordering::Relaxed);
        let (handler, line, ending) = (handler.clone(), line.clone(), ending.clone());
        async move { answer(&*handler, &line, &ending, request).await }
    });
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.timer(TokioTimer::new()).keep_alive_interval(IDLE / 2).keep_alive_timeout(IDLE / 2);
    let served = drive(builder.serve_connection(TokioIo::new(io), service), &ends, stop);
    tokio::select! {
        () = served => {}
        () = unused(&asked) => {}
    }
}

/// Waits until nothing has been asked for too long. The peer need not even have begun to speak HTTP/2.
async fn unused(asked: &AtomicBool) {
    tokio::time::sleep(IDLE).await;
    if asked.load(Ordering::Relaxed) {
        pending().await
    }
}

async fn drive(connection: impl GracefulConnection, ending: &Ending, stop: watch::Receiver<bool>) {
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = ending.reached() => {}
        () = stopped(stop) => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                _ = connection.as_mut() => return,
                () = ending.reached() => {}
            }
        }
    }
    if ending.how.get() == Some(&End::Flushed) {
        let _ = tokio::time::timeout(FLUSH, connection).await;
    }
}

/// Waits until the emulator stops.
pub(crate) async fn stopped(mut stop: watch::Receiver<bool>) {
    // An emulator that is gone has stopped too.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn answer(
    handler: &impl Handler,
    line: &Line,
    ending: &Ending,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Infallible> {
    match handler.respond(line, request).await {
        Outcome::Answer(reply) => Ok(reply.map(|body| AnswerBody::Whole(Some(body)))),
        Outcome::Truncated(reply) => {
            ending.reach(End::Flushed);
            Ok(reply
                .map(|body| AnswerBody::Half { half: Some(body.slice(..body.len() / 2)), whole: body.len() }))
        }
        Outcome::Dropped => {
            ending.reach(End::Reset);
            // The connection goes, and this with it.
            pending().await
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// What has been written gets out.
    Flushed,
    /// The peer sees a reset.
    Reset,
}

/// How a fault ends a connection, once one does.
#[derive(Default)]
struct Ending {
    how: OnceLock<End>,
    signal: Notify,
}

impl Ending {
    fn reach(&self, end: End) {
        // On HTTP/2 two faults can meet; the first one decides.
        let _ = self.how.set(end);
        self.signal.notify_one();
    }

    async fn reached(&self) {
        self.signal.notified().await;
    }
}

/// A TCP stream that can be closed with a reset, wherever in hyper or rustls it is dropped, and that fails when its peer
/// takes nothing for too long.
struct Socket {
    stream: TcpStream,
    ending: Arc<Ending>,
    /// Runs out while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    fn watched(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(IDLE)));
        stalled.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.ending.how.get() == Some(&End::Reset) {
            // Without it the peer sees an ordinary end, which is dropped as well.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watched(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The body of an answer, or its first half under the length of the whole.
enum AnswerBody {
    Whole(Option<Bytes>),
    Half { half: Option<Bytes>, whole: usize },
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Self::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Self::Half { half, .. } => match half.take() {
                Some(half) => Poll::Ready(Some(Ok(Frame::data(half)))),
                // The connection ends before the rest is due.
                None => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None)) || matches!(self, Self::Whole(Some(body)) if body.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Whole(body) => body.as_ref().map_or(0, Bytes::len) as u64,
            Self::Half { whole, .. } => *whole as u64,
        })
    }
}
