"""TLS is asked for by name and checked against the name, though the connection goes to a checked address."""

import datetime
import ssl
from contextlib import contextmanager

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cuprum.kit.addresses import AddressRule
from cuprum.kit.outbound import guarded_client
from unit.kit.receiver import receiver

HERE = AddressRule(allow_private=True)
TO_THIS_MACHINE = {"resolve": lambda host, port: ["127.0.0.1"]}


def test_the_certificate_of_the_name_is_accepted_and_the_server_hears_the_name(tmp_path):
    with (
        tls_receiver("hooks.example", tmp_path) as (there, trust, asked_for),
        guarded_client(HERE, ssl_context=trust, **TO_THIS_MACHINE) as client,
    ):
        assert client.get(f"https://hooks.example:{there.port}/").text == "thanks"
    assert asked_for == ["hooks.example"]


def test_the_certificate_of_another_name_is_not(tmp_path):
    with (
        tls_receiver("hooks.example", tmp_path) as (there, trust, _),
        guarded_client(HERE, ssl_context=trust, **TO_THIS_MACHINE) as client,
        pytest.raises(httpx2.ConnectError, match="Hostname mismatch"),
    ):
        client.get(f"https://other.example:{there.port}/")


def test_a_certificate_that_nobody_vouches_for_is_not(tmp_path):
    with (
        tls_receiver("hooks.example", tmp_path) as (there, _, _),
        guarded_client(HERE, **TO_THIS_MACHINE) as client,
        pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.get(f"https://hooks.example:{there.port}/")


@contextmanager
def tls_receiver(name, folder):
    chain = folder / "certificate.pem"
    chain.write_bytes(certificate(name))
    asked_for = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    server.sni_callback = lambda connection, asked, context: asked_for.append(asked)
    with receiver(tls=server) as there:
        yield there, ssl.create_default_context(cafile=chain), asked_for


def certificate(name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
