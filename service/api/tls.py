"""TLS of the server: its certificate and key, read again when the files change, and clients' certificates."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path
from threading import Lock

import grpc

from service.core.errors import FailedPrecondition
from service.core.faults import outline

log = logging.getLogger("yiqi.access")


def server_credentials(cert: Path, key: Path, client_ca: Path | None = None) -> grpc.ServerCredentials:
    """TLS with this certificate (its chain, PEM) and key; with `client_ca` only for clients whom it signed.

    A renewed certificate counts from the next connection on; one that does not fit its key is logged, and the old one
    stays. Raises FailedPrecondition when the files cannot be used now.
    """
    files = _Files(cert, key, client_ca)
    return grpc.dynamic_ssl_server_credentials(files.read(), files.changed, client_ca is not None)


class _Files:
    def __init__(self, cert: Path, key: Path, client_ca: Path | None) -> None:
        self._cert, self._key, self._client_ca = cert, key, client_ca
        self._lock = Lock()
        self._seen = self._stamps()

    def read(self) -> grpc.ServerCertificateConfiguration:
        """What the files hold. Raises FailedPrecondition."""
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self._cert, self._key, password="")
            if self._client_ca:
                ssl.create_default_context(cafile=str(self._client_ca))
            pair = self._key.read_bytes(), self._cert.read_bytes()
            return grpc.ssl_server_certificate_configuration(
                [pair], self._client_ca.read_bytes() if self._client_ca else None
            )
        except (OSError, ValueError) as problem:  # SSLError is an OSError
            files = ", ".join(str(file) for file in (self._cert, self._key, self._client_ca) if file)
            what = f"The files of TLS ({files}) cannot be read, or certificate and key do not belong together"
            raise FailedPrecondition(what, debug=outline(problem)) from None

    def changed(self) -> grpc.ServerCertificateConfiguration | None:
        """Called by gRPC before each handshake: None while the files are as they were."""
        with self._lock:
            stamps = self._stamps()
            if stamps == self._seen:
                return None
            try:
                found = self.read()
            except FailedPrecondition as problem:
                log.error("certificate cannot be read again", extra={"debug": problem.debug})
                return None
            self._seen = stamps
            log.info("certificate read again")
            return found

    def _stamps(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_stamp(file) for file in (self._cert, self._key, self._client_ca) if file)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
