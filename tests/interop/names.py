"""Names below localhost for clients whose system does not know them."""

import contextlib
import select
import socket
import socketserver
import threading


class Tunnel(socketserver.StreamRequestHandler):
    """A connection whose client asked to be connected to a name."""

    rbufsize = 0  # what follows the headers is not for this end

    def handle(self):
        """Reads `CONNECT name:port HTTP/1.1` and its headers, then passes bytes on in both directions."""
        name, _, port = self.rfile.readline().decode().split(" ")[1].rpartition(":")
        while self.rfile.readline().strip():
            pass
        if not name.endswith(".localhost"):
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(port))) as vault, contextlib.suppress(ConnectionError):
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            other = {self.connection: vault, vault: self.connection}
            while True:
                for end in select.select(list(other), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    other[end].sendall(data)


class Proxy(socketserver.ThreadingTCPServer):
    """A proxy that takes every name below localhost to this machine, and refuses all others."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Tunnel)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def server_close(self):
        """Stops serving."""
        self.shutdown()
        super().server_close()

    @property
    def url(self) -> str:
        """What `HTTPS_PROXY` takes."""
        return f"http://127.0.0.1:{self.server_address[1]}"
