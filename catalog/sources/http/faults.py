"""What can go wrong before and while an answer arrives, one sentence for each.

What raised it is never quoted whole: an exception's text may hold a header.
"""

import http.client
import ssl

from urllib3.exceptions import DecodeError, HTTPError, SSLError

from catalog.sources.errors import SourceError, SourceRefused, SourceUnavailable, SourceUnreadable


def no_address(host: str) -> SourceUnavailable:
    """DNS knows no address, or did not say in time."""
    return SourceUnavailable(f"No address was found for {host}. Check the base URL's spelling and this machine's DNS.")


def not_reached(host: str, error: OSError, seconds: float) -> SourceUnavailable:
    """No connection, and why."""
    if isinstance(error, TimeoutError):
        return SourceUnavailable(f"{host} could not be reached within {seconds:g} seconds.")
    if isinstance(error, ConnectionRefusedError):
        return SourceUnavailable(f"{host} refused the connection: no server listens there, or a firewall forbids it.")
    return SourceUnavailable(f"{host} could not be reached: {(error.strerror or 'no connection').lower()}.")


def silent(host: str, seconds: float) -> SourceUnavailable:
    """Connected, and then nothing."""
    return SourceUnavailable(f"{host} sent nothing for {seconds:g} seconds.")


def not_done(host: str, seconds: float) -> SourceUnavailable:
    """Something kept arriving, but never the end."""
    return SourceUnavailable(f"{host} was not done after {seconds:g} seconds.")


def broken_off(host: str) -> SourceUnavailable:
    """The line ended before the answer did."""
    return SourceUnavailable(f"{host} broke the connection off before its answer was whole.")


def forbidden(host: str, address: str) -> SourceRefused:
    """An address that is never read from."""
    return SourceRefused(
        f"{host} is at {address}, an address of the local link or of a cloud's metadata service; Ratecard never reads "
        "from those."
    )


def private(host: str, address: str) -> SourceRefused:
    """An address that is read from only where the settings say so."""
    return SourceRefused(
        f"{host} is at {address}, which is not a public address; set ALLOW_PRIVATE_ADDRESSES to read from it."
    )


def in_clear(host: str) -> SourceRefused:
    """A key, plain http, and the internet in between."""
    return SourceRefused(
        f"The base URL is plain http, so the key would travel to {host} in clear; use https, or no credential."
    )


def too_large(most: int, when: str) -> SourceUnreadable:
    """More bytes than a catalog has."""
    return SourceUnreadable(f"The answer is larger than {most:,} bytes {when}; no catalog of models is that large.")


def explained(error: HTTPError, host: str) -> SourceError:
    """What urllib3's error means; the sockets have raised their own by themselves."""
    if isinstance(error, DecodeError):
        return SourceUnreadable("The answer is compressed and cannot be unpacked: it is damaged.")
    cause = error.args[-1] if error.args else error
    if isinstance(error, SSLError):
        return _tls(cause, host)
    if isinstance(cause, http.client.RemoteDisconnected | http.client.IncompleteRead | OSError):
        return broken_off(host)
    return SourceUnavailable(f"{host} answered with something that is not HTTP; check the base URL and its port.")


def _tls(cause: object, host: str) -> SourceError:
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = cause.verify_message.rstrip(".")
        return SourceRefused(f"{host} could not prove who it is: {why}. Its TLS certificate has to be put right.")
    if isinstance(cause, ssl.SSLEOFError):
        return broken_off(host)
    reason = getattr(cause, "reason", None) or "no reason given"
    return SourceRefused(
        f"No secure connection to {host} could be made ({reason.lower().replace('_', ' ')}); "
        "it may speak plain http, or only a TLS that is too old."
    )
