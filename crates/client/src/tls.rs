//! Whom to trust: the system's certificate authorities, and what the user names.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use chat_model::language::Language;
use chat_model::{phrase, sentence};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// How to encrypt, trusting the system and the certificates in a file.
///
/// # Errors
/// When the file cannot be read, or nothing is there to trust.
pub(crate) fn client_config(extra: Option<&Path>, l: Language) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let named = extra.map(|path| certificates(path, l)).transpose()?.unwrap_or_default();
    roots.add_parsable_certificates(named.iter().cloned());
    if roots.is_empty() {
        bail!(phrase!(
            l,
            en = "this system trusts no certificates; name some with --tls-ca FILE",
            zh = "系统没有信任任何证书，请用 --tls-ca 文件 指定",
        ));
    }
    let provider = Arc::new(ring::default_provider());
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier { usual, named }))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn certificates(path: &Path, l: Language) -> Result<Vec<CertificateDer<'static>>> {
    let name = path.display();
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = found.with_context(|| {
        sentence!(l, en = "cannot read certificates from {name}", zh = "无法从 {name} 读取证书")
    })?;
    if found.is_empty() {
        bail!(sentence!(
            l,
            en = "there is no certificate in {name}; it should be a PEM file",
            zh = "{name} 里没有证书，应为 PEM 文件",
        ));
    }
    Ok(found)
}

/// Why TLS was not agreed on, and what can be done about it.
pub(crate) fn in_words(error: &std::io::Error, l: Language) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidMessage(_)) => {
            phrase!(l, en = "this port does not speak TLS", zh = "这个端口不是 TLS").to_owned()
        }
        Some(Error::InvalidCertificate(problem)) => certificate_problem(problem, l),
        Some(other) => {
            sentence!(l, en = "TLS could not be agreed on: {other}", zh = "无法建立 TLS：{other}")
        }
        None => sentence!(
            l,
            en = "the connection was lost while TLS was agreed on: {error}",
            zh = "建立 TLS 时连接断开了：{error}",
        ),
    }
}

fn certificate_problem(problem: &CertificateError, l: Language) -> String {
    use CertificateError as E;
    let why = match problem {
        E::Expired | E::ExpiredContext { .. } => phrase!(l, en = "it has expired", zh = "已经过期"),
        E::NotValidYet | E::NotValidYetContext { .. } => phrase!(
            l,
            en = "it is not valid yet (is the clock of this machine right?)",
            zh = "还没有生效（本机的时钟对吗？）",
        ),
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            phrase!(l, en = "it is for a server of another name", zh = "它属于别的服务器")
        }
        E::Revoked => phrase!(l, en = "it was revoked", zh = "已被吊销"),
        E::BadEncoding => phrase!(l, en = "it cannot be read", zh = "无法读取"),
        // Also what signed itself as if it were an authority.
        _ => phrase!(
            l,
            en = "nobody whom this system trusts has signed it; if you know it, name it with --tls-ca FILE",
            zh = "签发者不受本系统信任；如果你认得它，请用 --tls-ca 文件 指定",
        ),
    };
    sentence!(
        l,
        en = "the server's certificate is not to be trusted: {why}",
        zh = "服务器的证书不可信：{why}",
    )
}

/// Checks certificates as usual, but takes the very certificates that the user named as they are: a server that
/// signed its own is neither a proper authority nor signed by one.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.named.iter().any(|named| named == end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error as IoError, ErrorKind};

    use tokio_rustls::rustls::InvalidMessage;

    use super::*;

    #[test]
    fn what_tls_does_not_like_is_said_in_words() {
        let expired = CertificateError::Expired;
        let cases = [
            (Error::InvalidMessage(InvalidMessage::InvalidContentType), "this port does not speak TLS"),
            (Error::InvalidCertificate(CertificateError::UnknownIssuer), "name it with --tls-ca FILE"),
            (Error::InvalidCertificate(expired), "it has expired"),
        ];
        for (error, expected) in cases {
            let words = in_words(&IoError::new(ErrorKind::InvalidData, error), Language::English);
            assert!(words.contains(expected), "{words}");
        }
        let words = in_words(&IoError::new(ErrorKind::UnexpectedEof, "tls handshake eof"), Language::English);
        assert!(words.starts_with("the connection was lost"), "{words}");
    }
}
