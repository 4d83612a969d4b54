//! HTTPS by certificate files.

use super::book;
use crate::run::{file, run};
use acceptance::{
    http::{connect, reply, request},
    served::Served,
    support::{Engine, TestDatabase},
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring, pki_types::CertificateDer,
};

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// Certificate and key as files; the certificate itself.
fn files(database: &TestDatabase) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["yokoito".to_owned()]).unwrap();
    file(database, "cert.pem", made.cert.pem());
    file(database, "cert-key.pem", made.signing_key.serialize_pem());
    made.cert.der().clone()
}

fn stream(served: &Served, certificate: &CertificateDer<'static>, protocol: &[u8]) -> Stream {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = "yokoito".try_into().unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(client, connect(served.address).unwrap())
}

#[test]
fn https_answers_with_both_versions_and_says_to_stay() {
    let database = book(Engine::Sqlite);
    let certificate = files(&database);
    let served = Served::start(&database, &["--cert", "cert.pem", "--cert-key", "cert-key.pem"]);
    assert!(served.greeting.contains("https://"), "{}", served.greeting);
    let mut one = stream(&served, &certificate, b"http/1.1");
    one.write_all(&request("GET", "/readyz", &[], None)).unwrap();
    let told = reply(&mut one).unwrap().expect(200);
    assert_eq!(told.header("strict-transport-security"), Some("max-age=31536000"));
    assert_eq!(told.header("x-content-type-options"), Some("nosniff"));
    // HTTP/2: its preface is answered by SETTINGS
    let mut two = stream(&served, &certificate, b"h2");
    two.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .unwrap();
    let mut frame = [0; 9];
    two.read_exact(&mut frame).unwrap();
    assert_eq!(two.conn.alpn_protocol(), Some(&b"h2"[..]));
    assert_eq!(frame[3], 4, "{frame:?}");
    // without TLS nobody is answered
    let mut plain = connect(served.address).unwrap();
    plain.write_all(&request("GET", "/healthz", &[], None)).unwrap();
    assert!(reply(plain).is_err());
    served.stop();
}

#[test]
fn files_that_are_of_no_use_are_told() {
    let database = book(Engine::Sqlite);
    files(&database);
    let made = rcgen::generate_simple_self_signed(["other".to_owned()]).unwrap();
    file(&database, "other-key.pem", made.signing_key.serialize_pem());
    for (certificate, key, expected) in [
        ("none.pem", "cert-key.pem", "「none.pem」を読めません"),
        ("cert.pem", "other-key.pem", "証明書と鍵が合いません"),
    ] {
        let ran = run(
            &database,
            &[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--cert",
                certificate,
                "--cert-key",
                key,
            ],
        );
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
}
