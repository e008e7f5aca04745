"""Which URLs and addresses a rule lets through, and what a refusal says."""

import pytest

from cuprum.kit.addresses import AddressRule, RefusedTarget, check_address, check_url

STRICT = AddressRule()
LENIENT = AddressRule(allow_http=True, allow_private=True)

INNER = [
    "127.0.0.1",
    "127.8.9.10",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.1.1",
    "100.64.0.1",
    "100.127.255.254",
    "198.18.0.1",
    "192.0.2.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]
NEVER = [
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
    "240.0.0.1",
    "255.255.255.255",
    "169.254.169.254",
    "100.100.100.200",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "::ffff:0.0.0.0",
    "2002:e000:1::",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700:4700::1111", "2a00::1"]

ODD_SPELLINGS = [
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0X7F.0.0.1",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "0",
    "0x",
    "1.2.3.4.5",
    "127.0.0.01",
    "256.1.1.1",
    "%31%32%37.0.0.1",
    "127.0.0.%31",
    "①②⑦.0.0.1",
    "１２７.０.０.１",
    "[fe80::1%25eth0]",
    "[::1",
    "a..b",
    "-a.example",
    "a" * 64 + ".example",
    ".",
    "",
]


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_refused_and_the_refusal_names_the_setting(address):
    with pytest.raises(RefusedTarget, match="CUPRUM_WEBHOOK_ALLOW_PRIVATE=1") as refusal:
        check_address(address, STRICT)
    assert refusal.value.setting == "CUPRUM_WEBHOOK_ALLOW_PRIVATE"
    assert address in str(refusal.value)


@pytest.mark.parametrize("address", INNER)
def test_the_setting_lets_an_inner_address_through(address):
    check_address(address, LENIENT)


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("rule", [STRICT, LENIENT])
def test_no_setting_permits_metadata_multicast_reserved_or_unspecified_addresses(address, rule):
    with pytest.raises(RefusedTarget) as refusal:
        check_address(address, rule)
    assert refusal.value.setting is None


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_fine(address):
    check_address(address, STRICT)


@pytest.mark.parametrize("host", ODD_SPELLINGS)
@pytest.mark.parametrize("rule", [STRICT, LENIENT])
def test_an_odd_spelling_of_an_address_is_refused_under_every_rule(host, rule):
    with pytest.raises(RefusedTarget):
        check_url(f"https://{host}/hook", rule)


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "localhost.", "app.localhost", "ip6-localhost", "127。0。0。1"])
def test_a_name_of_this_machine_is_refused_without_asking_a_name_server(host):
    with pytest.raises(RefusedTarget, match="this machine itself"):
        check_url(f"https://{host}:8080/", STRICT)
    assert check_url(f"https://{host}:8080/", LENIENT).port == 8080


def test_a_literal_inner_address_is_refused_at_once():
    for host in ("127.0.0.1", "[::1]", "[::ffff:10.0.0.1]"):
        with pytest.raises(RefusedTarget, match="ALLOW_PRIVATE"):
            check_url(f"https://{host}/", STRICT)


def test_plain_http_is_refused_and_the_refusal_names_the_setting():
    with pytest.raises(RefusedTarget, match="Set CUPRUM_WEBHOOK_ALLOW_HTTP=1 to allow it"):
        check_url("http://example.com/", STRICT)
    assert check_url("http://example.com/", AddressRule(allow_http=True)).host == "example.com"


def test_a_refusal_names_the_setting_that_its_rule_carries():
    rule = AddressRule(http_setting="OTHER_HTTP", private_setting="OTHER_PRIVATE")
    with pytest.raises(RefusedTarget, match="OTHER_HTTP=1"):
        check_url("http://example.com/", rule)
    with pytest.raises(RefusedTarget, match=r"inner\.example resolves to 10\.0\.0\.1.*OTHER_PRIVATE=1"):
        check_address("10.0.0.1", rule, "inner.example")


@pytest.mark.parametrize("url", ["ftp://example.com", "file:///etc/passwd", "gopher://x", "//x", "x", "", "javascript:1"])
def test_other_schemes_are_refused_and_no_setting_helps(url):
    with pytest.raises(RefusedTarget) as refusal:
        check_url(url, LENIENT)
    assert refusal.value.setting is None


@pytest.mark.parametrize("url", ["https://ada:pw@example.com/", "https://ada@example.com/", "https://example.com\\@127.0.0.1/"])
def test_a_url_with_a_user_is_refused(url):
    with pytest.raises(RefusedTarget, match="user name or password"):
        check_url(url, LENIENT)


@pytest.mark.parametrize("url", ["https://example.com:0/", "https://example.com:65536/", "https://example.com:x/"])
def test_a_port_that_is_none_is_refused(url):
    with pytest.raises(RefusedTarget):
        check_url(url, LENIENT)


@pytest.mark.parametrize("url", ["https://example.com/\r\nX: 1", "https://exa\tmple.com/", "https://example.com/" + "a" * 70_000])
def test_control_characters_and_endless_urls_are_refused(url):
    with pytest.raises(RefusedTarget, match="not a valid URL"):
        check_url(url, LENIENT)


def test_names_ports_and_other_scripts_are_fine():
    assert check_url("https://example.com:8443/a?b=c", STRICT).port == 8443
    assert check_url("https://bücher.example/", STRICT).raw_host == b"xn--bcher-kva.example"
    assert check_url("https://some_host.example/", STRICT).host == "some_host.example"
    assert check_url("https://3com.example/", STRICT).host == "3com.example"
