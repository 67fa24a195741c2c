"""Whom we call for others, and whom not: our machine stands where they don't. Nothing leaves this machine here."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from djudge.web.webhooks import networks, sending
from djudge.web.webhooks.networks import RefusedAddressError
from tests.web.receiver import HOST, Receiver, receiving

PUBLIC = (
    "93.184.216.34", "1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.0", "169.253.0.1",
    "192.167.1.1", "11.0.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8",
    "64:ff9b::808:808",
)  # fmt: skip
REFUSED = {
    "this machine itself": ("127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
    "a private network": (
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.100.100.200", "fc00::1",
        "fd00:ec2::254", "fd20:ce::254", "fec0::1", "::ffff:10.0.0.1", "::ffff:c0a8:1", "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
    ),
    "the local link, where clouds keep their metadata": (
        "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
    ),
    "a cloud's metadata": ("168.63.129.16",),
    "multicast": ("224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1", "::ffff:224.0.0.1"),
    "reserved": ("240.0.0.1", "255.255.255.255", "192.0.0.192", "4000::1", "::808:808", "2001:10::1", "100::1"),
    "no address at all": ("0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"),
    "for documents and measurements": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1"),
    "a tunnel into another network": ("2002:a00:1::", "2002:808:808::1", "2001:0:4136:e378::1", "192.88.99.1"),
}  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_called(address: str) -> None:
    assert networks.why_not(ip_address(address)) == ""


@pytest.mark.parametrize(("reason", "address"), [(reason, each) for reason, some in REFUSED.items() for each in some])
def test_no_other_address_is_called_and_the_reason_is_told(reason: str, address: str) -> None:
    assert networks.why_not(ip_address(address)) == reason
    with pytest.raises(RefusedAddressError, match="The operator can allow a network"):
        networks.require_public(ip_address(address))


def test_what_the_operator_named_is_called_and_nothing_beside_it(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["10.20.0.0/16", "fd12::/16"]
    for address in ("10.20.1.1", "::ffff:10.20.1.1", "fd12::1"):
        assert networks.why_not(ip_address(address)) == ""
    for address in ("10.21.0.1", "127.0.0.1", "fd13::1"):
        assert networks.why_not(ip_address(address)) != ""


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.example.org", "http://hooks.example.org:8080/a?b=c", "https://münchen.example/", "https://1.1.1.1",
        "https://[2606:4700:4700::1111]:8443/",
    ],
)  # fmt: skip
def test_an_address_of_the_right_form_is_taken(address: str) -> None:
    assert networks.checked(address).host


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "begin with https"), ("hooks.example.org", "begin with https"), ("ftp://example.org/", "begin with https"),
        ("file:///etc/passwd", "begin with https"), ("gopher://example.org:70/", "begin with https"),
        ("unix:///run/docker.sock", "begin with https"), ("https://", "begin with https"),
        ("https://exa mple.org/", "no name of a machine"), ("http://example.org\r\nx: y/", "no address"),
        ("https://olga:secret@example.org/", "name and password"), ("https://olga@example.org/", "name and password"),
        ("http://example.org:22/", "Port 22"), ("http://example.org:25/", "Port 25"),
        ("http://example.org:99999/", "Port 99999"), ("http://localhost:8000/", "this machine"),
        ("http://web.localhost/", "this machine"), ("http://LOCALHOST./", "this machine"),
        ("http://127.0.0.1:8000/", "this machine"), ("http://127.1/", "this machine"),
        ("http://2130706433/", "this machine"), ("http://0x7f.0.0.1/", "this machine"),
        ("http://0177.0.0.1/", "no address"), ("http://a%2eb/", "no name"),
        ("http://[fe80::1%25eth0]/", "metadata"), ("http://[::1]/", "this machine"), ("http://0/", "no address at all"),
        ("http://[::ffff:169.254.169.254]/", "metadata"), ("http://169.254.169.254/latest/meta-data/", "metadata"),
        ("http://[fd00:ec2::254]/", "a private network"), ("http://192.168.1.1/", "a private network"),
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused_before_anybody_is_asked(address: str, reason: str) -> None:
    with pytest.raises(RefusedAddressError, match=reason):
        networks.checked(address)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """It may be called, and nothing else of this machine."""
    settings.WEBHOOK_NETWORKS = [f"{HOST}/32"]
    with receiving() as running:
        yield running


type Names = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Says what names lead to, one answer after the other, in place of a name server; returns what was asked."""
    real = socket.getaddrinfo

    def know(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def answer(host: str, port: int, *more: Any, **further: Any) -> Any:
            try:
                ip_address(host)
            except ValueError:
                found = answers[min(len(asked), len(answers) - 1)]
                asked.append(host)
                return [each for one in found for each in real(one, port, type=socket.SOCK_STREAM)]
            return real(host, port, *more, **further)

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        return asked

    return know


def post(port: int, host: str = "hooks.example.org", scheme: str = "http") -> sending.Answer:
    return sending.post(f"{scheme}://{host}:{port}/djudge", b"{}", {})


def test_a_name_that_leads_to_a_machine_that_may_be_called_is_called(receiver: Receiver, names: Names) -> None:
    asked = names([HOST])
    answer = post(receiver.port)
    assert (answer.status, answer.trouble) == (204, "")
    assert asked == ["hooks.example.org"]
    assert receiver.told[0].headers["host"] == f"hooks.example.org:{receiver.port}"


@pytest.mark.parametrize("others", [["127.0.0.2"], ["127.0.0.1", "169.254.169.254"], ["::1", "127.0.0.1"]])
def test_a_name_of_which_one_address_may_not_be_called_is_not_called_at_all(
    receiver: Receiver, names: Names, others: list[str]
) -> None:
    names(others)
    answer = post(receiver.port)
    assert answer.status is None
    assert "is not called" in answer.trouble
    assert receiver.connections == 0


def test_a_name_that_changes_its_mind_after_it_was_looked_at_changes_nothing(receiver: Receiver, names: Names) -> None:
    """DNS rebinding: the name is asked once, and the connection goes to the address that was checked."""
    with receiving("127.0.0.2") as inside:
        asked = names([HOST], ["127.0.0.2"])
        assert post(receiver.port).status == 204
        assert asked == ["hooks.example.org"]
        assert post(inside.port).status is None, "the second answer is looked at as the first one was"
        assert (receiver.connections, inside.connections) == (1, 0)


def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer(
    receiver: Receiver, names: Names, settings: Any
) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    names(["127.0.0.9", HOST])
    assert post(receiver.port).status == 204
    names(["127.0.0.9", "127.0.0.8"])
    assert "could not be reached" in post(receiver.port).trouble


def test_a_name_that_nobody_knows_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "Name or service not known" in post(443).trouble


def test_no_redirect_is_followed(receiver: Receiver) -> None:
    with receiving() as elsewhere:
        receiver.mood = "redirects"
        answer = sending.post(receiver.address, b"{}", {})
        assert (answer.status, answer.trouble) == (307, "It redirects, which is not followed.")
        assert elsewhere.connections == 0


def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://{HOST}:{proxy.port}")
        assert sending.post(receiver.address, b"{}", {}).status == 204
        assert proxy.connections == 0


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """For hooks.example.org, signed by itself; and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.org")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.org")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, private = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, private


@pytest.fixture
def secure(certificate: tuple[Path, Path], settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = [f"{HOST}/32"]
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    with receiving(tls=tls) as running:
        yield running


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As an operator does it who has an authority of their own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    sending._trusted.cache_clear()
    yield
    sending._trusted.cache_clear()


def test_a_certificate_is_held_against_the_name_and_not_against_the_address(
    secure: Receiver, trusted: None, names: Names
) -> None:
    names([HOST])
    assert post(secure.port, scheme="https").status == 204
    answer = post(secure.port, host="other.example.org", scheme="https")
    assert answer.status is None
    assert "certificate" in answer.trouble
    assert "certificate" in post(secure.port, host=HOST, scheme="https").trouble
    assert len(secure.told) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Receiver, names: Names) -> None:
    names([HOST])
    assert "certificate" in post(secure.port, scheme="https").trouble
    assert secure.told == []
