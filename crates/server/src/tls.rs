//! Certificates: the server's, which may be renewed while it runs, and those of clients, by which they are told apart.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use chat_model::Text;
use ring::digest;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, ServerConfig, ServerConnection, SignatureScheme,
};

use crate::config::Tls;

/// A listener's certificate and key, as last read.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    files: Tls,
    current: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Shared {
    /// Reads the files.
    ///
    /// # Errors
    /// One line that names the file and says what is wrong with it.
    pub(crate) fn load(files: &Tls) -> Result<Self, String> {
        let current = Arc::new(RwLock::new(read(files)?));
        Ok(Self { files: files.clone(), current })
    }

    /// Reads the files again; new connections get what is in them now.
    ///
    /// # Errors
    /// As [`Shared::load`]; the old certificate stays in use.
    pub(crate) fn reload(&self) -> Result<(), String> {
        let new = read(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The fingerprint of the certificate that a client has shown to hold the key of, if it has one.
pub(crate) fn certfp(connection: &ServerConnection) -> Option<Text> {
    let certificate = connection.peer_certificates()?.first()?;
    let digest = digest::digest(&digest::SHA256, certificate);
    Some(digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
}

/// Takes any certificate, or none. Whoever signed it says nothing here: it stands for itself, and only who holds its key
/// can come with it, which the signatures under the handshake show.
#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

fn read(files: &Tls) -> Result<Arc<ServerConfig>, String> {
    let wrong = |path: &Path, what: &str| format!("{}: {what}; see tls under [[listen]]", path.display());
    let certificates = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(&files.certificate, &format!("no PEM certificate can be read ({error})")))?;
    if certificates.is_empty() {
        return Err(wrong(&files.certificate, "there is no PEM certificate in it"));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| wrong(&files.key, &format!("no PEM private key can be read ({error})")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let clients = Arc::new(AnyCertificate(provider.signature_verification_algorithms));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_client_cert_verifier(clients)
        .with_single_cert(certificates, key)
        .map_err(|error| {
            wrong(&files.certificate, &format!("the certificate and the key do not go together ({error})"))
        })?;
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
    use rustls::client::ResolvesClientCert;
    use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
    use rustls::crypto::ring::default_provider;
    use rustls::crypto::ring::sign::any_supported_type;
    use rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
    use rustls::sign::CertifiedKey;
    use rustls::version::{TLS12, TLS13};
    use rustls::{ClientConfig, ClientConnection, SupportedProtocolVersion};

    use super::*;

    fn files() -> Tls {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/e2e/certificate");
        Tls { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") }
    }

    fn certificate() -> CertificateDer<'static> {
        CertificateDer::from_pem_file(files().certificate).expect("it can be read")
    }

    fn its_key() -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_file(files().key).expect("it can be read")
    }

    fn another_key() -> PrivateKeyDer<'static> {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new());
        PrivatePkcs8KeyDer::from(key.expect("a key").as_ref().to_vec()).into()
    }

    /// A client that comes with what it was given, whether that goes together or not, and believes every server.
    #[derive(Debug)]
    struct Client(Option<Arc<CertifiedKey>>, AnyCertificate);

    impl ResolvesClientCert for Client {
        fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
            self.0.clone()
        }
        fn has_certs(&self) -> bool {
            self.0.is_some()
        }
    }

    impl ServerCertVerifier for Client {
        fn verify_server_cert(
            &self,
            _certificate: &CertificateDer<'_>,
            _intermediates: &[CertificateDer<'_>],
            _name: &ServerName<'_>,
            _ocsp: &[u8],
            _now: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Ok(ServerCertVerified::assertion())
        }
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.1.verify_tls12_signature(message, certificate, signature)
        }
        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.1.verify_tls13_signature(message, certificate, signature)
        }
        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.1.supported_verify_schemes()
        }
    }

    /// Shakes hands with a client that has this key for the certificate, or has none.
    fn shake(
        key: Option<PrivateKeyDer<'_>>,
        version: &'static SupportedProtocolVersion,
    ) -> Result<Option<Text>, Error> {
        let provider = Arc::new(default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let certified = key.map(|key| {
            let key = any_supported_type(&key).expect("a key");
            Arc::new(CertifiedKey::new(vec![certificate()], key))
        });
        let comes = |certified| Arc::new(Client(certified, AnyCertificate(algorithms)));
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])?
            .dangerous()
            .with_custom_certificate_verifier(comes(None))
            .with_client_cert_resolver(comes(certified));
        let name = ServerName::try_from("localhost").expect("a name");
        let mut client = ClientConnection::new(Arc::new(config), name)?;
        let mut server = ServerConnection::new(Shared::load(&files()).expect("it can be read").current())?;
        while client.is_handshaking() || server.is_handshaking() {
            let mut wire = Vec::new();
            client.write_tls(&mut wire).expect("memory");
            server.read_tls(&mut wire.as_slice()).expect("memory");
            server.process_new_packets()?;
            let mut wire = Vec::new();
            server.write_tls(&mut wire).expect("memory");
            client.read_tls(&mut wire.as_slice()).expect("memory");
            client.process_new_packets()?;
        }
        Ok(certfp(&server))
    }

    #[test]
    fn a_certificate_is_known_by_its_fingerprint_and_need_not_be_there() {
        // As `openssl x509 -fingerprint -sha256` has it.
        let fingerprint = "b373eb3d431dc51e0fa0f70a9cf74dc8ca3b21fd2e060122398eea3cf40f0bc6";
        for version in [&TLS12, &TLS13] {
            assert_eq!(shake(Some(its_key()), version), Ok(Some(fingerprint.into())), "{version:?}");
            assert_eq!(shake(None, version), Ok(None), "{version:?}");
        }
    }

    #[test]
    fn nobody_comes_with_a_certificate_whose_key_it_does_not_hold() {
        for version in [&TLS12, &TLS13] {
            assert!(shake(Some(another_key()), version).is_err(), "{version:?}");
        }
    }
}
