"""Receivers for the tests of channels: HTTP that misbehaves on demand, SMTP with STARTTLS and AUTH, syslog.

    servers.py DIR          needs DIR/server.pem (key and certificate); writes DIR/ports when all of them listen

What they receive is written as lines of JSON, decoded as a client of the real thing would: DIR/http, DIR/mail,
DIR/syslog. The path of a request says how it is answered:

    /ok  /status/CODE[/SECONDS]  /date/CODE (Retry-After as a date)  /delay  /reset  /halfclose  /drop  /early
    /redirect  /huge  /echo (the header Authorization)  /flaky/N (500 for the first N requests)
"""
import asyncio, email, email.policy, json, os, ssl, struct, socket, sys
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

DIR = sys.argv[1]
seen = {}
now = 1767261600  # what the tests' clock says


def log(name, value):
    with open(os.path.join(DIR, name), "a") as f:
        f.write(json.dumps(value) + "\n")


# ---- HTTP ----

async def read_request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:] if ": " in line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return method, path, headers, body


def answer(status, body=b"ok", headers=()):
    head = f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\n" + "".join(h + "\r\n" for h in headers) + "\r\n"
    return head.encode() + body


async def serve_http(reader, writer):
    try:
        while True:
            method, path, headers, body = await read_request(reader)
            log("http", {"method": method, "path": path, "headers": headers, "body": body.decode("utf-8", "replace")})
            if not await respond(path, headers, body, writer):
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def respond(path, headers, body, writer):
    """False: the connection ends here."""
    part = path.split("?")[0].strip("/").split("/")
    seen[path] = seen.get(path, 0) + 1
    if part[0] == "status":
        after = ["Retry-After: " + part[2]] if len(part) > 2 else []
        writer.write(answer(part[1], b"no: " + part[1].encode(), after))
    elif part[0] == "date":
        stamp = email.utils.formatdate(now + 120, usegmt=True)
        writer.write(answer(part[1], b"", ["Retry-After: " + stamp]))
    elif part[0] == "delay":
        await asyncio.sleep(60)
    elif part[0] == "reset":
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
    elif part[0] == "halfclose":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        return False
    elif part[0] == "early":
        writer.write(b"HTTP/1.1 20")
        await writer.drain()
        return False
    elif part[0] == "drop":
        return False
    elif part[0] == "redirect":
        writer.write(answer(302, b"", ["Location: /ok"]))
    elif part[0] == "huge":
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(10000):
            writer.write(b"x" * 100000)
            await writer.drain()
        return False
    elif part[0] == "echo":
        writer.write(answer(part[1] if len(part) > 1 else 400, json.dumps({"authorization": headers.get("authorization")}).encode()))
    elif part[0] == "flaky":
        writer.write(answer(500 if seen[path] <= int(part[1]) else 200))
    else:
        writer.write(answer(200))
    await writer.drain()
    return True


# ---- SMTP ----

class Mail:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("bad"):
            return "550 5.1.1 there is no such user"
        if address.startswith("later"):
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        m = email.message_from_bytes(raw, policy=email.policy.default)
        parts = {p.get_content_type(): p.get_content() for p in m.walk() if not p.is_multipart()}
        log("mail", {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": server.transport.get_extra_info("ssl_object") is not None,
                     "user": getattr(session, "auth_data", None) and session.auth_data.decode(),
                     "subject": str(m["subject"]), "headers": [[k, str(v)] for k, v in m.items()],
                     "text": parts.get("text/plain"), "html": parts.get("text/html"),
                     "longest": max(len(line) for line in raw.split(b"\r\n")), "defects": [str(d) for d in m.defects],
                     "ascii": all(b < 128 for b in raw), "raw": raw.decode("latin-1")})
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.password == b"s3cret-of-the-mail"
    return AuthResult(success=good, handled=False, auth_data=data.login if isinstance(data, LoginPassword) else None)


def smtp(context, required):
    return SMTP(Mail(), hostname="mail.test", tls_context=context, require_starttls=required, authenticator=authenticate,
                auth_require_tls=True, enable_SMTPUTF8=False)


# ---- syslog ----

def structured(text):
    """The parameters of one element of structured data (RFC 5424, 6.3), and what stands behind it."""
    assert text[0] == "["
    name, i, parameters = "", 1, {}
    while text[i] not in " ]":
        name += text[i]
        i += 1
    while text[i] == " ":
        j = text.index("=", i)
        key, value, i = text[i + 1:j], "", j + 2
        assert text[j + 1] == '"'
        while text[i] != '"':
            assert text[i] != "]"
            if text[i] == "\\" and text[i + 1] in '"\\]':
                i += 1
            value += text[i]
            i += 1
        parameters[key] = value
        i += 1
    assert text[i] == "]"
    return name, parameters, text[i + 1:]


def log_message(via, data):
    text = data.decode("utf-8")
    head = text.split(" ", 6)
    name, parameters, rest = structured(head[6])
    log("syslog", {"via": via, "priority": head[0], "time": head[1], "app": head[3], "msgid": head[5], "element": name,
                   "parameters": parameters, "bom": rest.startswith(" \ufeff"), "message": rest[2:]})


class Datagrams(asyncio.DatagramProtocol):
    def datagram_received(self, data, address):
        log_message("datagram", data)


async def serve_syslog(reader, writer):
    try:
        while True:
            n = int((await reader.readuntil(b" ")).decode())
            data = await reader.readexactly(n)
            tls = writer.get_extra_info("ssl_object") is not None
            log_message("tls" if tls else "tcp", data)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(DIR, "server.pem"))
    listeners = {
        "http": await asyncio.start_server(serve_http, "127.0.0.1", 0),
        "https": await asyncio.start_server(serve_http, "127.0.0.1", 0, ssl=context),
        "smtp": await loop.create_server(lambda: smtp(context, True), "127.0.0.1", 0),
        "smtp_plain": await loop.create_server(lambda: smtp(None, False), "127.0.0.1", 0),
        "smtps": await loop.create_server(lambda: smtp(None, False), "127.0.0.1", 0, ssl=context),
        "syslog_tcp": await asyncio.start_server(serve_syslog, "127.0.0.1", 0),
        "syslog_tls": await asyncio.start_server(serve_syslog, "127.0.0.1", 0, ssl=context),
    }
    ports = {name: s.sockets[0].getsockname()[1] for name, s in listeners.items()}
    transport, _ = await loop.create_datagram_endpoint(Datagrams, ("127.0.0.1", 0))
    ports["syslog_udp"] = transport.get_extra_info("sockname")[1]
    await loop.create_datagram_endpoint(Datagrams, os.path.join(DIR, "log.socket"), family=socket.AF_UNIX)
    with socket.socket() as s:  # one that is free, for those who bring their own server
        s.bind(("127.0.0.1", 0))
        ports["free"] = s.getsockname()[1]
    with open(os.path.join(DIR, "ports.new"), "w") as f:
        f.write("".join(f"{name}={port}\n" for name, port in ports.items()))
    os.rename(os.path.join(DIR, "ports.new"), os.path.join(DIR, "ports"))
    await asyncio.Event().wait()

asyncio.run(main())
