"""irctest controller for chat-server: how the interoperability suite
progval/irctest starts it, and what of the suite it claims to pass.

From the root of a checkout of irctest, which lies outside this project::

    PYTHONPATH=<project>/tests/irctest PATH=<project>/target/debug:$PATH \
        python3 -m pytest --controller chatserver \
        -m 'not deprecated and not Sable' -n 2 -q --timeout 60 irctest/server_tests

Environment variables read here:

CHATSERVER_KEEP=1       keep the temporary directory of every test
IRCTEST_DEBUG_LOGS=1    irctest's own switch; also turns on debug logging here

Whether a test runs is decided by what it sees on the wire (a CAP NAK, a missing
ISUPPORT token, a 421) and by ``supported_sasl_mechanisms`` and
``extban_mute_char``. ``capabilities``, ``optional_behaviors`` and ``isupport``
state what is built: losing one of these is a failure then, not a skip.

Accounts: ``registerUser()`` uses the IRCv3 command REGISTER, and chat-admin for
passwords that do not fit into a line.
"""

import copy
import dataclasses
import os
from pathlib import Path
import shutil
import signal
import subprocess
from typing import Any, Dict, List, Optional, Tuple, Type

from irctest import patma
from irctest.basecontrollers import (
    BaseServerController,
    DirectoryBasedController,
    TestCaseControllerConfig,
)
from irctest.cases import BaseServerTestCase
from irctest.runner import NotImplementedByController
from irctest.specifications import Capabilities, OptionalBehaviors

SERVER = "chat-server"
ADMIN = "chat-admin"
KEEP = os.environ.get("CHATSERVER_KEEP", "0").lower() in ("1", "true", "yes")

# The suite compares these literally: PONG, 004, 312, 364, 391 and WHO replies.
SERVER_NAME = "My.Little.Server"
SERVER_DESCRIPTION = "test server"

# "OPER operuser operpassword", used by about 20 tests.
OPER_NAME = "operuser"
OPER_PASSWORD_HASH = (  # from: echo operpassword | chat-server --hash-password
    "$argon2id$v=19$m=19456,t=2,p=1$RLxNKyixNMvLVUU3e"
    "7D2kA$g0dqqYzPwULYO1cXoZ7E5tBHP0058byCchBnA6fOANI"
)

# A line of IRC without its CRLF; longer passwords go through chat-admin.
MAX_REGISTER_LINE = 510


@dataclasses.dataclass
class Wanted:
    """What one test case asks of the server, in the suite's own terms."""

    directory: Path
    host: str
    port: int
    tls_key: Optional[Path] = None
    tls_cert: Optional[Path] = None
    ws_host: Optional[str] = None
    ws_port: Optional[int] = None
    password: Optional[str] = None
    debug: bool = False


def build_config(w: Wanted) -> Dict[str, Any]:
    """The whole server configuration, in the keys of config/chat-server.toml. A
    key whose value is None is left out of the file."""
    tls = {"certificate": str(w.tls_cert), "key": str(w.tls_key)} if w.tls_cert else None
    listeners: List[Dict[str, Any]] = [
        {"protocol": "irc", "address": f"{w.host}:{w.port}", "tls": tls}
    ]
    if w.ws_host and w.ws_port:
        address = f"{w.ws_host}:{w.ws_port}"
        listeners.append({"protocol": "irc", "address": address, "websocket": True})
    return {
        "server": {
            "name": SERVER_NAME,
            "description": SERVER_DESCRIPTION,
            "network": "ChatTest",
            "password": w.password,
            "data_dir": str(w.directory / "data"),
            # nobody is put anywhere that the tests do not know of
            "lobby": "",
        },
        "listen": listeners,
        "accounts": {"registration": "open", "guests": True},
        "operator": [{"name": OPER_NAME, "password_hash": OPER_PASSWORD_HASH}],
        "history": {"chathistory_max": 100},
        # All clients come from 127.0.0.1, fast, and many times a second.
        "limits": {
            "connections_per_address": 0,  # 0: unlimited
            "connection_burst": 0,
            "logins_per_address": 0,
            "accounts_per_address_hour": 0,
            "accounts_per_address_day": 0,
            "accounts_per_hour": 0,
            "flood": False,
            "ping_timeout": "10m",
        },
        "log": {"level": "debug" if w.debug else "error"},
    }


def toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (str, Path)):
        out = []
        for c in str(value):
            if c in '"\\':
                out.append("\\" + c)
            elif ord(c) < 0x20 or ord(c) == 0x7F:
                out.append(f"\\u{ord(c):04x}")
            else:
                out.append(c)
        return '"' + "".join(out) + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, dict):
        pairs = (f"{key} = {toml_value(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }"
    raise TypeError(f"no TOML form for {value!r}")


def toml_dumps(table: Dict[str, Any], path: Tuple[str, ...] = ()) -> str:
    """Enough of TOML for build_config(): scalars and lists, tables, lists of
    tables, and tables on one line within those. Keys must be bare keys; None
    means absent."""
    plain, nested = [], []
    for key, value in table.items():
        if value is None:
            continue
        name = ".".join((*path, key))
        if isinstance(value, dict) and not path:
            nested.append(f"\n[{name}]\n" + toml_dumps(value, (*path, key)))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                nested.append(f"\n[[{name}]]\n" + toml_dumps(item, (*path, key)))
        else:
            plain.append(f"{key} = {toml_value(value)}\n")
    return "".join(plain + nested)


class ChatServerController(BaseServerController, DirectoryBasedController):
    software_name = "ChatServer"
    _port_wait_interval = 0.01
    supports_sts = False

    # Which tests run at all.
    supported_sasl_mechanisms = {"PLAIN"}

    isupport = {
        "BOT": "B",
        "CASEMAPPING": "ascii",
        "MSGREFTYPES": patma.StrRe("msgid,timestamp|timestamp,msgid"),
        "PREFIX": "(qaohv)~&@%+",
        "STATUSMSG": "~&@%+",
        "TARGMAX": patma.ANYSTR,
        "UTF8ONLY": None,
    }
    capabilities = frozenset(
        {
            Capabilities.ACCOUNT_NOTIFY,
            Capabilities.ACCOUNT_TAG,
            Capabilities.AWAY_NOTIFY,
            Capabilities.BATCH,
            Capabilities.ECHO_MESSAGE,
            Capabilities.EXTENDED_JOIN,
            Capabilities.LABELED_RESPONSE,
            Capabilities.MESSAGE_TAGS,
            Capabilities.MULTI_PREFIX,
            Capabilities.SERVER_TIME,
            Capabilities.SETNAME,
        }
    )
    optional_behaviors = frozenset(
        {
            OptionalBehaviors.CAP_REQ_MINUS,
            OptionalBehaviors.INVITE_LIST,
            OptionalBehaviors.INVITE_OVERRIDES_LIMIT,
            OptionalBehaviors.MULTI_JOIN,
            OptionalBehaviors.MULTI_KICK,
            OptionalBehaviors.MULTI_PRIVMSG,
            OptionalBehaviors.SASL_AFTER_REGISTRATION,
            OptionalBehaviors.SASL_REAUTHENTICATION,
        }
    )

    def __init__(self, test_config: TestCaseControllerConfig):
        super().__init__(test_config)
        self.wanted: Optional[Wanted] = None
        self._prefix: List[str] = []
        self._env = dict(os.environ)

    # Starting

    def run(
        self,
        hostname: str,
        port: int,
        *,
        password: Optional[str],
        ssl: bool,
        run_services: bool,
        faketime: Optional[str] = None,
        websocket_hostname: Optional[str] = None,
        websocket_port: Optional[int] = None,
    ) -> None:
        # run_services needs nothing: accounts are part of the server.
        assert self.proc is None
        self.hostname, self.port = hostname, port
        self.create_config()
        assert self.directory
        self._refuse_what_is_not_built()
        self.wanted = w = Wanted(
            directory=self.directory,
            host=hostname,
            port=port,
            ws_host=websocket_hostname,
            ws_port=websocket_port,
            password=password,
            debug=self.debug_mode,
        )
        if ssl:
            self.gen_ssl()
            self._certificate_v3()
            w.tls_key, w.tls_cert = self.key_path, self.pem_path

        if faketime and shutil.which("faketime"):
            # Only the wall clock may run fast. A shifted monotonic clock hangs a
            # Rust server: std's Condvar (and whatever parks on futexes) hands the
            # shifted deadline straight to the kernel and sleeps for a year.
            # -m: libfaketime's variant for programs with threads. The binary has
            # to be linked dynamically.
            self._prefix = ["faketime", "-m", "--exclude-monotonic", "-f", faketime]
            self.faketime_enabled = True

        self._write_config()
        self._start()

    def _refuse_what_is_not_built(self) -> None:
        """Tests that need a server configured as this one cannot be: they skip."""
        test = self.test_config
        if test.ergo_roleplay:
            raise NotImplementedByController("roleplay")
        if test.ergo_config:
            tree: Dict[str, Any] = {
                "server": {"listeners": {f"{self.hostname}:{self.port}": None}},
                "accounts": {"multiclient": {}},
            }
            wanted = copy.deepcopy(tree)
            test.ergo_config(wanted)
            # names of every script are always allowed here
            if wanted["server"].get("casemapping") == "precis":
                del wanted["server"]["casemapping"]
            if wanted != tree:
                raise NotImplementedByController("a configuration of Ergo alone")
        if test.account_registration_before_connect:
            raise NotImplementedByController("REGISTER before the connection is complete, and guests")
        if test.account_registration_requires_email:
            raise NotImplementedByController("accounts that need an e-mail address")

    def _certificate_v3(self) -> None:
        """gen_ssl() makes an X.509 version 1 certificate (OpenSSL 3.0), which
        rustls refuses to load: UnsupportedCertVersion. Replace it by one of
        version 3 for the same key, in the same place."""
        subprocess.run(
            [self.openssl_bin, "req", "-x509", "-new", "-batch", "-days", "30"]
            + ["-key", str(self.key_path), "-out", str(self.pem_path)]
            + ["-subj", f"/CN={SERVER_NAME}"]
            + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def config_path(self) -> Path:
        assert self.directory
        return self.directory / "chat-server.toml"

    def _write_config(self) -> None:
        assert self.wanted
        text = toml_dumps(build_config(self.wanted))
        self.config_path.write_text(text, encoding="utf-8")
        if self.debug_mode:
            print(text)

    def _start(self) -> None:
        self.port_open = False
        self.proc = self.execute(
            [*self._prefix, SERVER, "--config", str(self.config_path)],
            env=self._env,
        )

    def kill_proc(self) -> None:
        """By SIGKILL: at the end of a test nobody waits for the clients to hear why,
        and a restart has to find everything all the same."""
        assert self.proc
        if not self._terminate_process_group(signal.SIGKILL):
            self.proc.kill()
        self.proc.wait()
        self.proc = None

    def restart(self) -> None:
        """Stop and start again with the same data (ergo/*.py)."""
        self.kill_proc()
        self._start()
        self.wait_for_port()

    def kill(self) -> None:
        if KEEP and self.directory:
            print("kept:", self.directory)
            self.directory = None
        super().kill()

    # Accounts

    def wait_for_services(self) -> None:
        """They are up when the port is."""

    def registerUser(
        self,
        case: BaseServerTestCase,
        username: str,
        password: Optional[str] = None,
    ) -> None:
        if not case.run_services:
            raise ValueError("this test case did not ask for accounts")
        assert password
        line = f"REGISTER * * :{password}"
        if len(line.encode()) > MAX_REGISTER_LINE:
            self._register_with_chat_admin(case, username, password)
            return

        c = case.addClient(show_io=self.debug_mode)
        for setup in (
            "CAP REQ :draft/account-registration",
            f"NICK {username}",
            "USER reg 0 * :registration",
            "CAP END",
        ):
            case.sendLine(c, setup)
        while True:
            m = case.getRegistrationMessage(c)
            if m.command == "001":
                break
            # an ACK (or a NAK: REGISTER may work all the same), no error
            assert m.command == "CAP", f"cannot connect as {username}: {m}"
        case.getMessages(c)

        case.sendLine(c, line)
        answers = case.getMessages(c)
        assert any(
            m.command == "REGISTER"
            and [p.lower() for p in m.params[:2]] == ["success", username.lower()]
            for m in answers
        ), f"account {username} was not created: {answers}"
        case.sendLine(c, "QUIT")
        case.assertDisconnected(c)

    def _register_with_chat_admin(
        self, case: BaseServerTestCase, username: str, password: str
    ) -> None:
        case.controller.wait_for_port()
        subprocess.run(
            [ADMIN, "--config", str(self.config_path), "user", "add", username],
            input=password.encode(),
            check=True,
            stdout=subprocess.DEVNULL,
        )


def get_irctest_controller_class() -> Type[ChatServerController]:
    return ChatServerController
